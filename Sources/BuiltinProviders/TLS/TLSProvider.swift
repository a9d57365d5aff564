import Transport

extension BuiltinProvider {
    /// `tls_*`: keys, certificate requests and certificates.
    static func tls(http: @escaping HTTPSource) -> BuiltinProvider {
        BuiltinProvider(
            name: "tls", version: "4.2.1",
            types: [TLSPrivateKey(), TLSCertificateRequest(), TLSSelfSignedCertificate(), TLSLocallySignedCertificate()],
            dataSources: [TLSPublicKeyData(), TLSCertificateData(http: http)], ephemerals: [EphemeralPrivateKey()])
    }
}
