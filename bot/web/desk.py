"""All pages of the desk together. What each of them shows stands in a file of its own."""

from starlette.routing import Route

from bot.web import (
    desk_case,
    desk_case_acts,
    desk_cases,
    desk_deeds,
    desk_erasures,
    desk_health,
    desk_home,
    desk_letters,
    desk_pool,
    desk_post,
    desk_topics,
    initiatives,
    insight,
    instruments,
    lessons,
    week_report,
)


def routes() -> list[Route]:
    """The pages under /bureau."""
    pages = (
        desk_home,
        desk_cases,
        desk_case,
        desk_case_acts,
        desk_pool,
        desk_post,
        desk_letters,
        desk_topics,
        desk_erasures,
        desk_health,
        desk_deeds,
    )
    return [
        route for page in (*pages, week_report, insight, initiatives, lessons, instruments) for route in page.routes()
    ]
