"""What a User-Agent header tells about the device, coarsely."""

_SYSTEMS = (("Android", "Android"), ("iPhone", "iOS"), ("iPad", "iOS"), ("Windows", "Windows"), ("Mac OS", "Mac OS X"))
_BROWSERS = (("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"), ("curl/", "curl"))


def device_fields(user_agent: str) -> dict[str, str]:
    system = _first(_SYSTEMS, user_agent) or ("Linux" if "Linux" in user_agent else "Other")
    return {
        "bg_device": _kind(user_agent, system),
        "bg_device_family": next((name for name in ("iPhone", "iPad", "Pixel") if name in user_agent), "Other"),
        "bg_device_os": system,
        "bg_device_browser": _first(_BROWSERS, user_agent) or "Other",
    }


def _kind(user_agent: str, system: str) -> str:
    if "iPad" in user_agent or "Tablet" in user_agent:
        return "tablet"
    if "Mobile" in user_agent or system in ("Android", "iOS"):
        return "mobile"
    return "other" if system == "Other" else "pc"


def _first(table: tuple[tuple[str, str], ...], user_agent: str) -> str | None:
    return next((name for sign, name in table if sign in user_agent), None)
