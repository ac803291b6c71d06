/** Namespaces and identifiers of XML signatures (XMLDSig 1.1, ETSI EN 319 132-1, WS-Security, СМЭВ 3). */
export const namespaces = {
  signature: 'http://www.w3.org/2000/09/xmldsig#',
  exclusive: 'http://www.w3.org/2001/10/xml-exc-c14n#',
  filter2: 'http://www.w3.org/2002/06/xmldsig-filter2',
  anyXades: 'http://uri.etsi.org/01903/v1.',
  wsSecurity: 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd',
  wsUtility: 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd',
} as const;

export const transforms = {
  enveloped: 'http://www.w3.org/2000/09/xmldsig#enveloped-signature',
  base64: 'http://www.w3.org/2000/09/xmldsig#base64',
  xpath: 'http://www.w3.org/TR/1999/REC-xpath-19991116',
  filter2: 'http://www.w3.org/2002/06/xmldsig-filter2',
  smev: 'urn://smev-gov-ru/xmldsig/transform',
} as const;
