"""Addresses of people: signing in, own page, administration."""

from django.urls import path

from accounts.web import departments, leaves, own, people, signing_in

app_name = "accounts"
urlpatterns = [
    path("", signing_in.landing, name="landing"),
    path("sign-in/", signing_in.sign_in, name="sign_in"),
    path("sign-in/demo/", signing_in.sign_in_demo, name="sign_in_demo"),
    path("sign-out/", signing_in.sign_out, name="sign_out"),
    path(
        "choose-password/<uidb64>/<token>/",
        signing_in.ChoosePassword.as_view(),
        name="choose_password",
    ),
    path("profile/", own.profile, name="profile"),
    path("profile/password/", own.password, name="password"),
    path("profile/leave/", own.plan_leave, name="plan_own_leave"),
    path("profile/leave/<int:pk>/end/", own.end_leave, name="end_own_leave"),
    path("administration/people/", people.people_list, name="people"),
    path("administration/people/new/", people.add_person, name="add_person"),
    path("administration/people/<int:pk>/", people.person, name="person"),
    path("administration/people/<int:pk>/edit/", people.edit_person, name="edit_person"),
    path("administration/people/<int:pk>/roles/", people.grant, name="grant"),
    path(
        "administration/people/<int:pk>/roles/<int:membership>/end/",
        people.end_role,
        name="end_role",
    ),
    path("administration/people/<int:pk>/deactivate/", people.deactivate, name="deactivate"),
    path("administration/people/<int:pk>/reactivate/", people.reactivate, name="reactivate"),
    path("administration/people/<int:pk>/link/", people.reset_password, name="reset_password"),
    path("administration/departments/", departments.chart, name="departments"),
    path("administration/departments/new/", departments.add_department, name="add_department"),
    path("administration/departments/<int:pk>/", departments.department, name="department"),
    path(
        "administration/departments/<int:pk>/edit/",
        departments.edit_department,
        name="edit_department",
    ),
    path(
        "administration/departments/<int:pk>/deactivate/",
        departments.deactivate,
        name="deactivate_department",
    ),
    path(
        "administration/departments/<int:pk>/reactivate/",
        departments.reactivate,
        name="reactivate_department",
    ),
    path("administration/leave/", leaves.leaves, name="leaves"),
    path("administration/leave/<int:pk>/end/", leaves.end_leave, name="end_leave"),
]
