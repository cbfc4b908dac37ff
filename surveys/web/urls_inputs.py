"""Other inputs: media, bulletins, returns, delivered quality, sales. See surveys/web/urls.py."""

from django.urls import URLPattern, path

from surveys.web.inputs import importing, listing, lost, pages

_ALL = "satisfaction/inputs/"
_KIND = f"{_ALL}<slug:kind>/"
_ONE = f"{_KIND}<int:pk>/"

# What is no kind comes first.
urlpatterns: list[URLPattern] = [
    path(_ALL, listing.home, name="inputs_home"),
    path(f"{_ALL}lost/", lost.page, name="lost"),
    path(f"{_ALL}lost/export/", lost.export, name="lost_export"),
    path(_KIND, listing.listing, name="inputs"),
    path(f"{_KIND}export/", listing.export, name="inputs_export"),
    path(f"{_KIND}new/", pages.add, name="input_new"),
    path(f"{_KIND}import/", importing.page, name="inputs_import"),
    path(f"{_KIND}import/take/", importing.take_in, name="inputs_take"),
    path(f"{_KIND}import/sheet/", importing.sheet, name="inputs_sheet"),
    path(f"{_KIND}import/<slug:key>/rejects/", importing.rejects, name="inputs_rejects"),
    path(_ONE, pages.detail, name="input"),
    path(f"{_ONE}edit/", pages.edit, name="input_edit"),
    path(f"{_ONE}withdraw/", pages.withdraw, name="input_withdraw"),
    path(f"{_ONE}case/", pages.link_case, name="input_case"),
]
