/** Where things lie in a package. */
export const layout = {
  mimetype: 'mimetype',
  mimetypeContent: 'application/vnd.etsi.asic-e+zip',
  documents: 'documents/',
  signatureSuffix: '.sig',
  /** The applicant's own signature over the same bytes, beside the clerk's (KEM-19). */
  applicantSuffix: '.applicant.sig',
  /** Behind the name of a digital original: the signature that came with it, a document of its own. */
  foreignSignatureSuffix: '.p7s',
  metadata: 'application.json',
  manifest: 'META-INF/ASiCManifest001.xml',
  containerSignature: 'META-INF/signature001.p7s',
} as const;

/** True for the names of documents and of their signatures: directly in the folder. */
export function isInDocuments(name: string): boolean {
  return name.startsWith(layout.documents) && !name.slice(layout.documents.length).includes('/');
}
