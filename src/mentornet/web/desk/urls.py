"""The desk's addresses."""

from __future__ import annotations

from mentornet.web.desk.absences.urls import urlpatterns as absences
from mentornet.web.desk.backups.urls import urlpatterns as backups
from mentornet.web.desk.bank.urls import urlpatterns as bank
from mentornet.web.desk.concerns.urls import urlpatterns as concerns
from mentornet.web.desk.contacts.urls import urlpatterns as contacts
from mentornet.web.desk.data_protection.urls import urlpatterns as data_protection
from mentornet.web.desk.disclosures.urls import urlpatterns as disclosures
from mentornet.web.desk.doubles.urls import urlpatterns as doubles
from mentornet.web.desk.exports.urls import urlpatterns as exports
from mentornet.web.desk.forecast.urls import urlpatterns as forecast
from mentornet.web.desk.handbook.urls import urlpatterns as handbook
from mentornet.web.desk.handovers.urls import urlpatterns as handovers
from mentornet.web.desk.imports.urls import urlpatterns as imports
from mentornet.web.desk.interviews.urls import urlpatterns as interviews
from mentornet.web.desk.lasting.urls import urlpatterns as lasting
from mentornet.web.desk.learned.urls import urlpatterns as learned
from mentornet.web.desk.letters.urls import urlpatterns as letters
from mentornet.web.desk.loans.urls import urlpatterns as loans
from mentornet.web.desk.match.urls import urlpatterns as match
from mentornet.web.desk.meetings.urls import urlpatterns as meetings
from mentornet.web.desk.packs.urls import urlpatterns as packs
from mentornet.web.desk.partnerships.urls import urlpatterns as partnerships
from mentornet.web.desk.people.urls import urlpatterns as people
from mentornet.web.desk.promises.urls import urlpatterns as promises
from mentornet.web.desk.proposals.urls import urlpatterns as proposals
from mentornet.web.desk.prospects.urls import urlpatterns as prospects
from mentornet.web.desk.requests.urls import urlpatterns as requests
from mentornet.web.desk.rights.urls import urlpatterns as rights
from mentornet.web.desk.searches.urls import urlpatterns as searches
from mentornet.web.desk.sessions.urls import urlpatterns as sessions
from mentornet.web.desk.setup.urls import urlpatterns as setup
from mentornet.web.desk.shortage.urls import urlpatterns as shortage
from mentornet.web.desk.signs.urls import urlpatterns as signs
from mentornet.web.desk.surveys.urls import urlpatterns as surveys
from mentornet.web.desk.talks.urls import urlpatterns as talks
from mentornet.web.desk.texts.urls import urlpatterns as texts
from mentornet.web.desk.today.urls import urlpatterns as today
from mentornet.web.desk.training.urls import urlpatterns as training
from mentornet.web.desk.value.urls import urlpatterns as value
from mentornet.web.desk.waiting.urls import urlpatterns as waiting
from mentornet.web.desk.whynot.urls import urlpatterns as whynot

app_name = "desk"
urlpatterns = [
    *sessions,
    *today,
    *waiting,
    *promises,
    *bank,
    *match,
    *proposals,
    *people,
    *doubles,
    *rights,
    *data_protection,
    *requests,
    *disclosures,
    *contacts,
    *interviews,
    *partnerships,
    *talks,
    *value,
    *signs,
    *lasting,
    *concerns,
    *handovers,
    *packs,
    *absences,
    *imports,
    *exports,
    *letters,
    *setup,
    *backups,
    *texts,
    *surveys,
    *training,
    *handbook,
    *meetings,
    *loans,
    *shortage,
    *whynot,
    *learned,
    *forecast,
    *searches,
    *prospects,
]
