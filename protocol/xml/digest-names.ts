/** Digest functions by the names that XML signatures and ASiC manifests give them (RFC 9231, RFC 4357). */
const digestOids: Readonly<Record<string, string>> = {
  'http://www.w3.org/2001/04/xmldsig-more#md5': '1.2.840.113549.2.5',
  'http://www.w3.org/2000/09/xmldsig#sha1': '1.3.14.3.2.26',
  'http://www.w3.org/2001/04/xmldsig-more#sha224': '2.16.840.1.101.3.4.2.4',
  'http://www.w3.org/2001/04/xmlenc#sha256': '2.16.840.1.101.3.4.2.1',
  'http://www.w3.org/2001/04/xmldsig-more#sha384': '2.16.840.1.101.3.4.2.2',
  'http://www.w3.org/2001/04/xmlenc#sha512': '2.16.840.1.101.3.4.2.3',
  'http://www.w3.org/2007/05/xmldsig-more#sha3-256': '2.16.840.1.101.3.4.2.8',
  'http://www.w3.org/2007/05/xmldsig-more#sha3-384': '2.16.840.1.101.3.4.2.9',
  'http://www.w3.org/2007/05/xmldsig-more#sha3-512': '2.16.840.1.101.3.4.2.10',
  'urn:ietf:params:xml:ns:cpxmlsec:algorithms:gostr34112012-256': '1.2.643.7.1.1.2.2',
  'urn:ietf:params:xml:ns:cpxmlsec:algorithms:gostr34112012-512': '1.2.643.7.1.1.2.3',
  'http://www.w3.org/2001/04/xmldsig-more#gostr34112012-256': '1.2.643.7.1.1.2.2',
  'http://www.w3.org/2001/04/xmldsig-more#gostr34112012-512': '1.2.643.7.1.1.2.3',
  'urn:ietf:params:xml:ns:cpxmlsec:algorithms:gostr3411': '1.2.643.2.2.9',
  'http://www.w3.org/2001/04/xmldsig-more#gostr3411': '1.2.643.2.2.9',
};

/** Object identifier of a digest function; the name itself, which no table knows, when it is unknown. */
export function digestOidOf(uri: string): string {
  return digestOids[uri] ?? uri;
}
