"""An OTLP receiver that is not ours: it decodes with OpenTelemetry's own Python messages.

Listens on two free ports of 127.0.0.1 and prints them as the first line, a JSON object with
`http` and `grpc`. After that, one JSON object a line for each span and each log record received (which
has a `severity`), until its standard input is closed. What a receiver may not accept (ids of a wrong length or zero, an end before the
start, an unknown kind, fields that the messages do not know) is printed as `problem`.

Requests are accepted at once and looked at afterwards, on a thread of its own: Python takes its time,
and the sender is not to wait for it.
"""

import base64
import gzip
import json
import queue
import sys
import threading
from concurrent import futures
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import grpc
from google.protobuf import json_format, unknown_fields
from opentelemetry.proto.collector.logs.v1 import logs_service_pb2, logs_service_pb2_grpc
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2, trace_service_pb2_grpc
from opentelemetry.proto.logs.v1 import logs_pb2
from opentelemetry.proto.trace.v1 import trace_pb2

REQUESTS = queue.Queue()


def say(value):
    print(json.dumps(value), flush=True)


def plain(value):
    """An AnyValue as what JSON has for it; integers stay integers."""
    kind = value.WhichOneof("value")
    if kind == "array_value":
        return [plain(item) for item in value.array_value.values]
    return getattr(value, kind) if kind else None


def fields(attributes):
    keys = [attribute.key for attribute in attributes]
    if len(set(keys)) != len(keys) or "" in keys:
        raise ValueError(f"keys empty or repeated: {keys}")
    return [[attribute.key, plain(attribute.value)] for attribute in attributes]


def an_id(raw, length, what):
    if len(raw) != length or not any(raw):
        raise ValueError(f"{what} {raw.hex()!r}")
    return raw.hex()


def known(message, where="request"):
    """Refuses fields that the messages do not know, at any depth."""
    if len(unknown_fields.UnknownFieldSet(message)):
        raise ValueError(f"unknown field in {where}")
    for descriptor, value in message.ListFields():
        if descriptor.message_type is not None:
            values = value if hasattr(value, "append") or hasattr(value, "add") else [value]
            for item in values:
                known(item, descriptor.full_name)


def take_logs(request, over):
    known(request)
    logs = []
    for resource_logs in request.resource_logs:
        resource = dict(fields(resource_logs.resource.attributes))
        for scope_logs in resource_logs.scope_logs:
            for log in scope_logs.log_records:
                if log.time_unix_nano == 0 or log.observed_time_unix_nano == 0:
                    raise ValueError("no time")
                logs.append(
                    {
                        "over": over,
                        "service": resource.get("service.name"),
                        "target": scope_logs.scope.name,
                        "trace_id": an_id(log.trace_id, 16, "trace id") if log.trace_id else None,
                        "span_id": an_id(log.span_id, 8, "span id") if log.span_id else None,
                        "time": log.time_unix_nano,
                        "severity": logs_pb2.SeverityNumber.Name(log.severity_number),
                        "severity_text": log.severity_text,
                        "event": log.event_name,
                        "body": plain(log.body),
                        "fields": fields(log.attributes),
                    }
                )
    for log in logs:
        say(log)


def take_spans(request, over):
    known(request)
    spans = []
    for resource_spans in request.resource_spans:
        resource = dict(fields(resource_spans.resource.attributes))
        for scope_spans in resource_spans.scope_spans:
            for span in scope_spans.spans:
                if span.end_time_unix_nano < span.start_time_unix_nano:
                    raise ValueError("end before start")
                if span.start_time_unix_nano == 0:
                    raise ValueError("no start")
                parent = span.parent_span_id
                spans.append(
                    {
                        "over": over,
                        "service": resource.get("service.name"),
                        "scope": [scope_spans.scope.name, scope_spans.scope.version],
                        "trace_id": an_id(span.trace_id, 16, "trace id"),
                        "span_id": an_id(span.span_id, 8, "span id"),
                        "parent_span_id": an_id(parent, 8, "parent") if parent else None,
                        "name": span.name,
                        "kind": trace_pb2.Span.SpanKind.Name(span.kind),
                        "start": span.start_time_unix_nano,
                        "end": span.end_time_unix_nano,
                        "fields": fields(span.attributes),
                        "events": [[event.name, fields(event.attributes)] for event in span.events],
                        "status": trace_pb2.Status.StatusCode.Name(span.status.code),
                        "message": span.status.message,
                    }
                )
    for span in spans:
        say(span)


class Http(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.read_body()
        kind = self.headers["content-type"]
        REQUESTS.put((self.path, kind, body))
        self.answer(200, kind, b"{}" if kind == "application/json" else b"")

    def read_body(self):
        if self.headers.get("transfer-encoding") == "chunked":
            body = b""
            while length := int(self.rfile.readline(), 16):
                body += self.rfile.read(length)
                self.rfile.readline()
            self.rfile.readline()
        else:
            body = self.rfile.read(int(self.headers["content-length"]))
        return gzip.decompress(body) if self.headers.get("content-encoding") == "gzip" else body

    def answer(self, status, kind, body):
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def otlp_json(body):
    """OTLP/JSON writes ids in hexadecimal; protobuf's own JSON has base64 for bytes."""

    def walk(value):
        if isinstance(value, dict):
            return {
                key: base64.b64encode(bytes.fromhex(item)).decode()
                if key in ("traceId", "spanId", "parentSpanId")
                else walk(item)
                for key, item in value.items()
            }
        return [walk(item) for item in value] if isinstance(value, list) else value

    return json.dumps(walk(json.loads(body)))


class GrpcSpans(trace_service_pb2_grpc.TraceServiceServicer):
    def Export(self, request, context):
        REQUESTS.put(("/v1/traces", "grpc", request))
        return trace_service_pb2.ExportTraceServiceResponse()


class GrpcLogs(logs_service_pb2_grpc.LogsServiceServicer):
    def Export(self, request, context):
        REQUESTS.put(("/v1/logs", "grpc", request))
        return logs_service_pb2.ExportLogsServiceResponse()


TAKEN = {
    "/v1/traces": (trace_service_pb2.ExportTraceServiceRequest, take_spans),
    "/v1/logs": (logs_service_pb2.ExportLogsServiceRequest, take_logs),
}


def look_at(path, kind, body):
    if path not in TAKEN:
        raise ValueError(f"path {path}")
    message, take = TAKEN[path]
    request = message()
    if kind == "grpc":
        request = body
    elif kind == "application/json":
        json_format.Parse(otlp_json(body), request)
    elif kind == "application/x-protobuf":
        request.ParseFromString(body)
    else:
        raise ValueError(f"content type {kind}")
    take(request, kind)


def look_at_all():
    while (request := REQUESTS.get()) is not None:
        try:
            look_at(*request)
        except Exception as problem:
            say({"problem": repr(problem)})


def main():
    http = ThreadingHTTPServer(("127.0.0.1", 0), Http)
    threading.Thread(target=http.serve_forever, daemon=True).start()
    server = grpc.server(futures.ThreadPoolExecutor(4))
    trace_service_pb2_grpc.add_TraceServiceServicer_to_server(GrpcSpans(), server)
    logs_service_pb2_grpc.add_LogsServiceServicer_to_server(GrpcLogs(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    say({"http": http.server_address[1], "grpc": port})
    looking = threading.Thread(target=look_at_all)
    looking.start()
    sys.stdin.read()
    server.stop(0)
    REQUESTS.put(None)
    looking.join()


main()
