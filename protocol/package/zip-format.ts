/** Numbers of the ZIP format that writer and reader share (PKWARE APPNOTE 6.3.3, sections 4.3 and 4.4). */
export const zip = {
  localSignature: 0x04034b50,
  descriptorSignature: 0x08074b50,
  centralSignature: 0x02014b50,
  endSignature: 0x06054b50,
  end64Signature: 0x06064b50,
  end64LocatorSignature: 0x07064b50,
  localHeaderBytes: 30,
  centralHeaderBytes: 46,
  endBytes: 22,
  end64Bytes: 56,
  end64LocatorBytes: 20,
  longestComment: 0xffff,
  /** A size or an offset that stands in the ZIP64 field instead. */
  elsewhere: 0xffffffff,
  stored: 0,
  deflated: 8,
  /** Version 2.0: folders, deflate; nothing of ZIP64 (4.5) or encryption. */
  version: 20,
  /** Bit 11: the name is UTF-8. */
  utf8Flag: 0x0800,
  /** Bit 3: sizes follow the data, as programs write that stream. */
  descriptorFlag: 0x0008,
  /** Bits 1 and 2 tell how hard the compressor tried. */
  effortFlags: 0x0006,
  /** 1980-01-01, the oldest day that the format knows: the same content gives the same bytes. */
  dosDate: 0x0021,
  dosTime: 0,
} as const;
