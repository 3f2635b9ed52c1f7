"""What the service keeps: elections, contests, returns with their history, and the feed's log."""

from results.models.alerts import Alert, AlertChannel, AlertDelivery, AlertRule
from results.models.ballots import UnprocessedBallots
from results.models.calls import RaceCall
from results.models.contest import Candidate, Contest
from results.models.corrections import Hold, Override
from results.models.county import County
from results.models.election import Election, polls_close_on
from results.models.feed import ArchivedBody, Endpoint, Fetch, Sweep
from results.models.newsroom import Board, BoardPage
from results.models.rehearsals import Rehearsal
from results.models.returns import CountyStatus, Return, ReturnNotice, ReturnUpdate

__all__ = [
    "Alert",
    "AlertChannel",
    "AlertDelivery",
    "AlertRule",
    "ArchivedBody",
    "Board",
    "BoardPage",
    "Candidate",
    "Contest",
    "County",
    "CountyStatus",
    "Election",
    "Endpoint",
    "Fetch",
    "Hold",
    "Override",
    "RaceCall",
    "Rehearsal",
    "Return",
    "ReturnNotice",
    "ReturnUpdate",
    "Sweep",
    "UnprocessedBallots",
    "polls_close_on",
]
