"""See cases/web/urls.py."""

from django.urls import URLPattern, path

from cases.web import entry, service_file

urlpatterns: list[URLPattern] = [
    path("cases/new/", entry.log, name="log"),
    path("cases/new/customers/", entry.lookup, name="lookup_customers"),
    path("cases/new/known/", entry.known, name="known"),
    path("customers/", service_file.customer_list, name="customers"),
    path("customers/new/", service_file.add, name="add_customer"),
    path("customers/<int:pk>/", service_file.customer_page, name="customer"),
    path("customers/<int:pk>/<slug:part>/", service_file.save, name="save_customer"),
]
