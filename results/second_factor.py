"""The second factor of those who may call races: an authenticator's codes, and recovery codes."""

from base64 import b32encode
from secrets import token_hex

import segno
from django.db import transaction
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

RECOVERY_CODES = 8


def device_to_confirm(user) -> TOTPDevice:
    """The authenticator that a person is setting up: the same one until a code of it has come."""
    device, _ = TOTPDevice.objects.get_or_create(
        user=user, confirmed=False, defaults={"name": "authenticator"}
    )
    return device


@transaction.atomic
def confirm_device(device: TOTPDevice, token: str) -> list[str]:
    """Take an authenticator into use if this is its code: recovery codes, to be written down.

    [] if the code does not fit.
    """
    if not device.verify_token(token):
        return []
    device.confirmed = True
    device.save(update_fields=["confirmed"])
    recovery = StaticDevice.objects.create(user=device.user, name="recovery")
    codes = [token_hex(4) for _ in range(RECOVERY_CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=recovery, token=code) for code in codes)
    return codes


def key_text(device: TOTPDevice) -> str:
    """An authenticator's key for typing, in groups of four."""
    text = b32encode(device.bin_key).decode().rstrip("=")
    return " ".join(text[n : n + 4] for n in range(0, len(text), 4))


def qr_code(device: TOTPDevice) -> str:
    """The picture that an authenticator reads, as the address of an image."""
    return segno.make(device.config_url, error="m").svg_data_uri(scale=5, border=4, light="#fff")
