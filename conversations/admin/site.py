from allauth.account.decorators import secure_admin_login
from django.conf import settings
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

admin.site.site_header = settings.SITE_NAME
admin.site.site_title = settings.SITE_NAME
admin.site.index_title = _("Overview")
# Each page says where it stands; the room is for what it is about.
admin.site.enable_nav_sidebar = False
# The admin's own sign-in page knows no rate limit and no second factor.
admin.site.login = secure_admin_login(admin.site.login)
