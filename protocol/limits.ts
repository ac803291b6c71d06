/** Every limit that box and centre agree on, in one table. Sizes in bytes, times in milliseconds. */
export const limits = {
  /** Facts in one uplink envelope. */
  factsPerEnvelope: 256,
  /** Envelopes on the wire that wait for their receipt, at most: half of them travel while half are stored. */
  envelopeWindow: 8,
  /** Telemetry or log observations in one message. */
  observationsPerEnvelope: 64,
  /** One fact, as canonical JSON. A larger one is a defect of the box that wrote it. */
  factBytes: 64 * 1024,
  /** One MQTT message, compressed. */
  messageBytes: 4 * 1024 * 1024,
  /** One MQTT message after inflating: stops a bomb. */
  inflatedMessageBytes: 32 * 1024 * 1024,
  /** Nesting of one MQTT message: deeper JSON overflows the stack of whoever walks it. */
  messageDepth: 64,
  /** Refused numbers in one receipt, the newest ones: more than can be on the wire at once. */
  refusedPerReceipt: 2048,
  /** Largest MQTT packet: a message, its topic and its header. */
  packetBytes: 4 * 1024 * 1024 + 1024,
  /** Longest time between two signs of life of a client, in seconds; a box asks for 20. */
  keepaliveSeconds: 60,
  /** A page as it comes from a scanner, or a file from a multi-function printer. */
  pageBytes: 64 * 1024 * 1024,
  /** Pixels of one page: A3 at 600 dpi has 70 million. */
  pagePixels: 100_000_000,
  /** Pages of one document. */
  documentPages: 200,
  /** Documents that a clerk may put in order at once, and the request that says so: 5,000 pages in any order. */
  arrangedDocuments: 5000,
  arrangementBytes: 2 * 1024 * 1024,
  /** A package or a result container. */
  packageBytes: 512 * 1024 * 1024,
  /** Entries of a container. */
  packageEntries: 500,
  /** The same for containers of others. */
  foreignEntries: 5000,
  /** Everything in a container after inflating, and how many times an entry may grow: stops a bomb. */
  packageInflatedBytes: 768 * 1024 * 1024,
  entryInflation: 200,
  /** The manifest or the metadata of a container. */
  containerTextBytes: 1024 * 1024,
  /** Certificates in one signature: a signer and the authorities above. */
  signatureCertificates: 16,
  /** Certificates or signers in one message of a stranger, who may put whole chains into it. */
  foreignCertificates: 64,
  /** One detached signature; with certificates and time stamps it has 2–20 KB. */
  signatureBytes: 1024 * 1024,
  /** A message of a stranger that is held whole: lists of revoked certificates may lie inside. */
  foreignSignatureBytes: 64 * 1024 * 1024,
  /** A PDF file in which signatures are looked for. */
  pdfBytes: 256 * 1024 * 1024,
  /** Name of one entry of a container, in UTF-8. */
  entryNameBytes: 255,
  /** Ranges of content begin at a multiple of it and are whole chunks, but for the last one of a blob. */
  contentChunkBytes: 16 * 1024,
  /** One request that moves content; a longer blob goes in several ranges. */
  contentRangeBytes: 1024 * 1024,
  /** Runs of missing chunks told at once; who brought them asks again. */
  missingRuns: 256,
  /** All unfinished transfers of one box together, by the size of what they will be. */
  unfinishedBytes: 2 * 1024 * 1024 * 1024,
  /** An unfinished transfer that nobody went on with for so long is forgotten. */
  unfinishedMs: 7 * 24 * 60 * 60 * 1000,
  /** The body of a JSON request. */
  jsonBodyBytes: 256 * 1024,
} as const;
