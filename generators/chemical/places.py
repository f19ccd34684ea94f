"""Where sites stand: towns with a chemical industry, their time zones and their weather."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, tau


@dataclass(frozen=True)
class Place:
    """A town. Temperatures are rounded climate normals in °C: yearly mean, half the swing of the year and of the day.

    A negative `season_celsius` turns the seasons: the town lies in the southern hemisphere.
    """

    city: str
    country_code: str
    time_zone: str
    longitude_degrees: float
    mean_celsius: float
    season_celsius: float
    day_celsius: float


PLACES: tuple[Place, ...] = (
    Place("Ludwigshafen", "DE", "Europe/Berlin", 8.4, 11.2, 9.5, 4.5),
    Place("Baton Rouge", "US", "America/Chicago", -91.2, 20.1, 8.8, 5.8),
    Place("Geleen", "NL", "Europe/Amsterdam", 5.8, 10.6, 7.8, 3.9),
    Place("Ulsan", "KR", "Asia/Seoul", 129.3, 14.4, 12.0, 4.4),
    Place("Jamnagar", "IN", "Asia/Kolkata", 70.1, 26.6, 5.2, 5.3),
    Place("Tarragona", "ES", "Europe/Madrid", 1.3, 16.6, 7.6, 4.6),
    Place("Camaçari", "BR", "America/Bahia", -38.3, 25.2, -1.8, 3.4),
    Place("Grangemouth", "GB", "Europe/London", -3.7, 9.2, 6.0, 3.4),
    Place("Singapore", "SG", "Asia/Singapore", 103.7, 27.6, 0.6, 3.2),
    Place("Antwerp", "BE", "Europe/Brussels", 4.4, 11.0, 7.8, 3.8),
    Place("Yokkaichi", "JP", "Asia/Tokyo", 136.6, 15.6, 11.4, 3.9),
    Place("Kwinana", "AU", "Australia/Perth", 115.8, 18.9, -5.6, 5.2),
    Place("Płock", "PL", "Europe/Warsaw", 19.7, 8.6, 10.8, 4.3),
    Place("Sarnia", "CA", "America/Toronto", -82.4, 8.9, 13.2, 4.6),
    Place("Sasolburg", "ZA", "Africa/Johannesburg", 27.8, 16.2, -6.3, 7.0),
    Place("Jubail", "SA", "Asia/Riyadh", 49.6, 26.9, 9.8, 5.5),
    Place("Map Ta Phut", "TH", "Asia/Bangkok", 101.1, 28.2, 1.6, 3.7),
    Place("Lavéra", "FR", "Europe/Paris", 5.0, 15.6, 8.3, 4.5),
    Place("Bahía Blanca", "AR", "America/Argentina/Buenos_Aires", -62.3, 15.2, -7.7, 6.2),
    Place("Porsgrunn", "NO", "Europe/Oslo", 9.7, 7.2, 9.6, 3.6),
    Place("Kaohsiung", "TW", "Asia/Taipei", 120.3, 25.2, 4.9, 3.5),
    Place("Altamira", "MX", "America/Monterrey", -97.9, 24.6, 5.2, 4.3),
    Place("Priolo Gargallo", "IT", "Europe/Rome", 15.2, 18.6, 7.4, 4.2),
    Place("Sohar", "OM", "Asia/Muscat", 56.7, 27.3, 7.4, 4.6),
)

WARMEST_DAY = 200  # of the year, northern hemisphere
WARMEST_HOUR = 15.0  # solar time


def day_mean_celsius(place: Place, day_of_year: int) -> float:
    """Normal outside temperature of a day."""
    return place.mean_celsius + place.season_celsius * cos(tau * (day_of_year - WARMEST_DAY) / 365.25)
