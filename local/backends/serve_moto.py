"""moto's server, one request at a time: with threads its conditional writes are not atomic, and DynamoDB's are."""

import sys

from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import run_simple

host, port = sys.argv[1:]
run_simple(host, int(port), DomainDispatcherApplication(create_backend_app), threaded=False)
