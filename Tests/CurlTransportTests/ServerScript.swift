/// The server that the tests talk to: raw sockets, so that it can misbehave. What it does is said by the path of a request.
/// Python is on every machine that builds this; nothing beside its own library is used.
let serverScript = #"""
    import argparse, gzip, json, os, select, socket, ssl, sys, threading, time
    from urllib.parse import urlsplit, parse_qs

    a = argparse.ArgumentParser()
    a.add_argument("--cert"); a.add_argument("--key"); a.add_argument("--client-ca"); a.add_argument("--unix")
    a.add_argument("--proxy", action="store_true")
    args = a.parse_args()
    lock = threading.Lock()
    stats = {"connections": 0, "requests": [], "running": 0, "most": 0, "counts": {}, "handshakes_failed": 0}

    context = None
    if args.cert:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(args.cert, args.key)
        if args.client_ca:
            context.load_verify_locations(args.client_ca)
            context.verify_mode = ssl.CERT_REQUIRED

    class Connection:
        def __init__(self, sock, number):
            self.sock, self.number, self.buffer, self.served = sock, number, b"", 0

        def line(self):
            while b"\n" not in self.buffer:
                more = self.sock.recv(65536)
                if not more: return None
                self.buffer += more
            line, self.buffer = self.buffer.split(b"\n", 1)
            return line.rstrip(b"\r").decode("latin-1")

        def exactly(self, n):
            while len(self.buffer) < n:
                more = self.sock.recv(65536)
                if not more: break
                self.buffer += more
            data, self.buffer = self.buffer[:n], self.buffer[n:]
            return data

        def answer(self, status, body=b"", headers=()):
            if isinstance(body, (dict, list)): body = json.dumps(body).encode()
            head = f"HTTP/1.1 {status} X\r\nContent-Length: {len(body)}\r\n" + "".join(f"{k}: {v}\r\n" for k, v in headers) + "\r\n"
            self.sock.sendall(head.encode() + (b"" if self.method == "HEAD" else body))

        def tunnel(self, target):
            host, port = target.rsplit(":", 1)
            other = socket.create_connection((host, int(port)), 5)
            self.sock.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            pair = {self.sock: other, other: self.sock}
            while True:
                for s in select.select(list(pair), [], [])[0]:
                    data = s.recv(65536)
                    if not data: return
                    pair[s].sendall(data)

        def serve(self):
            while True:
                first = self.line()
                if not first: return
                self.method, target, _ = first.split(" ", 2)
                headers = []
                while (line := self.line()):
                    k, _, v = line.partition(":")
                    headers.append([k.strip(), v.strip()])
                lower = {k.lower(): v for k, v in headers}
                self.served += 1
                body = self.exactly(int(lower.get("content-length", 0)))
                with lock:
                    if not target.startswith("/stats"):
                        stats["requests"].append({"method": self.method, "target": target, "headers": headers, "connection": self.number,
                                                  "body": body[:100].decode("utf-8", "replace")})
                    stats["running"] += 1
                    stats["most"] = max(stats["most"], stats["running"])
                try:
                    if self.method == "CONNECT": return self.tunnel(target)
                    if not self.handle(urlsplit(target), target, headers, body): return
                finally:
                    with lock: stats["running"] -= 1

        def handle(self, url, target, headers, body):
            q = {k: v[0] for k, v in parse_qs(url.query).items()}
            count = None
            if "key" in q:
                with lock:
                    key = q["key"] + q.get("id", "")
                    count = stats["counts"][key] = stats["counts"].get(key, 0) + 1
            again = count is not None and count > int(q.get("times", 1))
            path = url.path
            if again and path != "/redirect": path = "/echo"
            if path == "/stats":
                with lock: text = json.dumps(stats)
                self.answer(200, text.encode())
            elif path == "/status":
                extra = [("Retry-After", q["retry-after"])] if "retry-after" in q else []
                if "ms" in q: time.sleep(int(q["ms"]) / 1000)
                self.answer(int(q["code"]), b"not now", extra)
            elif path == "/redirect":
                self.answer(int(q.get("code", 302)), b"", [("Location", q["to"])])
            elif path == "/circle":
                self.answer(302, b"", [("Location", target)])
            elif path == "/close":
                return False
            elif path == "/close-reused":
                # Takes the request, and breaks a connection that has served others before.
                if self.served > 1: return False
                self.answer(200, b"first")
            elif path == "/reset":
                self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
                return False
            elif path == "/garbage":
                self.sock.sendall(b"SSH-2.0-OpenSSH_9.2\r\n" * 3)
                return False
            elif path == "/bad-header":
                self.sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: banana\r\n\r\nabc")
                return False
            elif path == "/half":
                self.sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this")
                return False
            elif path == "/hang":
                time.sleep(float(q.get("s", 30)))
                return False
            elif path == "/drip":
                self.sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
                for _ in range(1000):
                    self.sock.sendall(b"x")
                    time.sleep(0.02)
            elif path == "/big":
                n = int(q["bytes"])
                if "chunked" in q:
                    self.sock.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
                    while n > 0:
                        part = min(n, 50000)
                        self.sock.sendall(f"{part:x}\r\n".encode() + b"x" * part + b"\r\n")
                        n -= part
                    self.sock.sendall(b"0\r\n\r\n")
                else:
                    self.answer(200, b"x" * n)
            elif path == "/bomb":
                self.answer(200, gzip.compress(b"0" * int(q["bytes"])), [("Content-Encoding", "gzip")])
            elif path == "/many-headers":
                self.answer(200, b"", [(f"X-{i}", "y" * 1000) for i in range(2000)])
            elif path == "/folded":
                self.sock.sendall(b"HTTP/1.1 100 Continue\r\nX-Interim: 1\r\n\r\nHTTP/1.1 200 OK\r\nX-Folded: one\r\n two\r\nX-Empty:\r\n"
                                  b"Content-Length: 2\r\n\r\nok")
            elif path == "/sleep":
                time.sleep(int(q["ms"]) / 1000)
                self.answer(200, b"slept")
            elif path == "/limited":
                # Bears so many at once and says 429 to the others.
                with lock: busy = stats["running"]
                time.sleep(0.01)
                if busy > int(q["most"]): self.answer(429, b"", [("Retry-After", "0")])
                else: self.answer(200, b"ok")
            else:
                self.answer(200, {"method": self.method, "target": target, "headers": headers, "body": body.decode("utf-8", "replace"),
                                  "connection": self.number}, [("Content-Type", "application/json")])
            return True

    def client(sock, number):
        try:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1) if sock.family != socket.AF_UNIX else None
            if context:
                try: sock = context.wrap_socket(sock, server_side=True)
                except (ssl.SSLError, OSError):
                    with lock: stats["handshakes_failed"] += 1
                    return
            Connection(sock, number).serve()
        except (OSError, ValueError):
            pass
        finally:
            sock.close()

    def watch_parent():
        # Ends with the test process, whatever happens to it.
        while sys.stdin.buffer.read(1): pass
        os._exit(0)

    threading.Thread(target=watch_parent, daemon=True).start()
    if args.unix:
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(args.unix)
        listener.listen(256)
        print(0, flush=True)
    else:
        listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        print(listener.getsockname()[1], flush=True)
    number = 0
    while True:
        sock, _ = listener.accept()
        number += 1
        with lock: stats["connections"] = number
        threading.Thread(target=client, args=(sock, number), daemon=True).start()
    """#
