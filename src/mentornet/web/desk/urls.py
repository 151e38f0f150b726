"""The desk's addresses."""

from __future__ import annotations

from mentornet.web.desk.bank.urls import urlpatterns as bank
from mentornet.web.desk.exports.urls import urlpatterns as exports
from mentornet.web.desk.imports.urls import urlpatterns as imports
from mentornet.web.desk.letters.urls import urlpatterns as letters
from mentornet.web.desk.match.urls import urlpatterns as match
from mentornet.web.desk.partnerships.urls import urlpatterns as partnerships
from mentornet.web.desk.people.urls import urlpatterns as people
from mentornet.web.desk.proposals.urls import urlpatterns as proposals
from mentornet.web.desk.setup.urls import urlpatterns as setup
from mentornet.web.desk.today.urls import urlpatterns as today
from mentornet.web.desk.waiting.urls import urlpatterns as waiting

app_name = "desk"
urlpatterns = [
    *today,
    *waiting,
    *bank,
    *match,
    *proposals,
    *people,
    *partnerships,
    *imports,
    *exports,
    *letters,
    *setup,
]
