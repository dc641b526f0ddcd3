"""What a new source's entry says of how it is reached, per connector beyond the drop folder.

Here: settings that are valid as they stand, with the other usual ones as comments: taking the # away leaves them valid.
Not here: the rest of the entry (scaffold.py), what the settings mean in full (source_settings.py, push_settings.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from orchestration.sources.contracts.model import Contract

EVERY = '# every = "15m"  # read through the day too; without it, once a day\n'
PATH_ELSEWHERE = {"sftp": "on the server; ** for folders within folders", "s3": "in the bucket"}
"""What the path of a source is relative to, for connectors that read files elsewhere."""

_HTTP = """\

[sources.{name}.http]
url = "https://api.example/v1/{name}"  # answers with a list of records in JSON
# records = "data.items"  # where the list lies in the answer; without it the answer is the list
# parameters = {{ status = "paid" }}  # of the query; with method = "POST" of the JSON body
# header_env = {{ X-Api-Key = "{NAME}_API_KEY" }}  # header = variable with its secret value

# [sources.{name}.http.token]  # OAuth2 client credentials
# url = "https://api.example/oauth/token"
# client_id_env = "{NAME}_CLIENT_ID"
# client_secret_env = "{NAME}_CLIENT_SECRET"

# [sources.{name}.http.paging]  # without it there is one page; by may be page, link and since too
# by = "cursor"
# parameter = "after"  # of the request
# next = "meta.next_cursor"  # where the next cursor lies in the answer

# [sources.{name}.http.since]  # without it every landing reads the whole list
# parameter = "updated_since"  # of the request
# field = "updated_at"  # of a record
# start = 2024-01-01T00:00:00Z
# lag = 60  # seconds that a record may be late
"""
_SQL = """\

[sources.{name}.sql]
url_env = "{NAME}_DATABASE_URL"  # variable with postgresql://user:password@host/name, mysql://… or sqlite:////path
table = "{name}"  # or query = "select … from … where …"
key = [{key}]  # columns that name a row
# column = "updated_at"  # grows with every change, never null; without it every landing reads everything
# start = 2024-01-01T00:00:00Z  # written as the column is
# lag = 120  # seconds, or units of a number: as long as the longest transaction
# batch_rows = 20000
"""
_SFTP = """\

[sources.{name}.sftp]
host = "files.example"
username = "touchstream"
key_env = "{NAME}_SFTP_KEY"  # variable with the private key, or the path of its file
# password_env = "{NAME}_SFTP_PASSWORD"  # in place of a key
# host_key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIB"  # as ssh-keyscan prints it; without it known_hosts counts
# port = 22
"""
_S3 = """\

[sources.{name}.s3]
bucket = "exports"
# endpoint_url = "https://oss-cn-shanghai.aliyuncs.com"  # of another provider than AWS
# addressing = "virtual"  # path for MinIO
# region = "eu-central-1"
# access_key_env = "{NAME}_ACCESS_KEY"  # without both, the machine's own credentials count
# secret_key_env = "{NAME}_SECRET_KEY"
"""
_PUSH = """\

[sources.{name}.push]  # the sender's address: /push/{name} of touchstream serve
secret_env = "{NAME}_SECRET"  # variable with the secret, 16 characters or more: openssl rand -hex 32
# scheme = "sha256"  # the signature covers the body alone; token: the secret itself, for senders that cannot sign
# signature_header = "X-Hub-Signature-256"
# records = "batch"  # where in the body the records are; without it the body is the list, or the record
# keep_days = 30  # how long a landed delivery is remembered, so that it is known when it comes again
# answer = "aliyun"  # for a service that waits for {{"code": 0}}
"""


def _part(template: str, before: str = "") -> Callable[[str, Contract], str]:
    def part(name: str, contract: Contract) -> str:
        key = ", ".join(f'"{column}"' for column in contract.key or ("id",))
        return before + template.format(name=name, NAME=name.upper(), key=key)

    return part


TABLES: Mapping[str, Callable[[str, Contract], str]] = {
    "http": _part(_HTTP, EVERY),
    "sql": _part(_SQL, EVERY),
    "sftp": _part(_SFTP, EVERY),
    "s3": _part(_S3, EVERY),
    "push": _part(_PUSH),
}
"""The settings of each connector, behind those that every source has: from a source's name and contract."""
