/**
 * The seam to hardware: bytes both ways, nothing else. A transport opens the port, the driver only
 * encodes and decodes.
 */
export interface BytePipe {
  /** Resolves when the bytes left this process; rejects with an `AppError` when the line is gone. */
  write(bytes: Uint8Array): Promise<void>;
  /** Calls back for every chunk that arrives, from now on. Returns the way to stop it. */
  onBytes(listener: (bytes: Uint8Array) => void): () => void;
  /** Called once when the line is gone, by us or by itself. */
  onClose(listener: () => void): void;
  close(): Promise<void>;
}
