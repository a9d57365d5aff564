extension CurlHTTPTransport {
    /// Which proxy to go through. May hold a user and a password: never printed.
    public struct Proxies: Sendable, Hashable {
        /// URL of the proxy for `http` requests; nil goes directly.
        public var http: String?
        /// URL of the proxy for `https` requests, which are tunnelled through it.
        public var https: String?
        /// Hosts that are reached directly: names, suffixes, addresses and CIDR blocks, separated by commas; `*` for all.
        public var no: String?

        public init(http: String? = nil, https: String? = nil, no: String? = nil) {
            self.http = http
            self.https = https
            self.no = no
        }

        /// By the variables that curl and most programs honour. `HTTP_PROXY` in capitals is not among them: a CGI server
        /// sets it from a request's header.
        public init(environment: [String: String]) {
            func value(_ names: String...) -> String? {
                for name in names {
                    if let value = environment[name], !value.isEmpty { return value }
                }
                return nil
            }
            self.init(
                http: value("http_proxy", "all_proxy", "ALL_PROXY"),
                https: value("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"),
                no: value("no_proxy", "NO_PROXY"))
        }
    }
}
