/** Identifiers of CMS (RFC 5652), CAdES (ETSI EN 319 122-1, RFC 5035) and time stamps (RFC 3161). */
export const oids = {
  data: '1.2.840.113549.1.7.1',
  signedData: '1.2.840.113549.1.7.2',
  contentType: '1.2.840.113549.1.9.3',
  messageDigest: '1.2.840.113549.1.9.4',
  signingTime: '1.2.840.113549.1.9.5',
  counterSignature: '1.2.840.113549.1.9.6',
  signingCertificate: '1.2.840.113549.1.9.16.2.12',
  signingCertificateV2: '1.2.840.113549.1.9.16.2.47',
  contentTimeStamp: '1.2.840.113549.1.9.16.2.20',
  signatureTimeStamp: '1.2.840.113549.1.9.16.2.14',
  certificateValues: '1.2.840.113549.1.9.16.2.23',
  revocationValues: '1.2.840.113549.1.9.16.2.24',
  timeStampInfo: '1.2.840.113549.1.9.16.1.4',
  ocsp: '1.3.6.1.5.5.7.48.1',
  ocspSigning: '1.3.6.1.5.5.7.3.9',
  /** Answers of responders beside lists in a message (RFC 5940 section 2.1). */
  ocspResponse: '1.3.6.1.5.5.7.16.2',
  crlDistributionPoints: '2.5.29.31',
  authorityInfoAccess: '1.3.6.1.5.5.7.1.1',
  certificateReferences: '1.2.840.113549.1.9.16.2.21',
  revocationReferences: '1.2.840.113549.1.9.16.2.22',
  /** CAdES-C-timestamp (ETSI EN 319 122-1 clause A.1.5.2). */
  referencesTimeStamp: '1.2.840.113549.1.9.16.2.25',
  /** Archive time stamps of CAdES: ETSI EN 319 122-1 clause 5.5.3; TS 101 733 1.8.3 clause 6.4.1; before that. */
  archiveTimeStamp: '0.4.0.1733.2.4',
  archiveTimeStamp2: '1.2.840.113549.1.9.16.2.48',
  archiveTimeStamp1: '1.2.840.113549.1.9.16.2.27',
  /** What the archive time stamp of version 3 covers: EN 319 122-1 clause 5.5.2, and TS 101 733 2.2.1 clause 6.4.2. */
  archiveIndex: '0.4.0.19122.1.5',
  archiveIndex1: '0.4.0.1733.2.5',
  /** Evidence records inside CMS (RFC 4998 appendix A). */
  evidenceRecords: ['1.2.840.113549.1.9.16.2.49', '1.2.840.113549.1.9.16.2.50'],
  timeStamping: '1.3.6.1.5.5.7.3.8',
  sha1: '1.3.14.3.2.26',
  sha256: '2.16.840.1.101.3.4.2.1',
  sha384: '2.16.840.1.101.3.4.2.2',
  sha512: '2.16.840.1.101.3.4.2.3',
} as const;
