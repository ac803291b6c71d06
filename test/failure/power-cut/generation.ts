/** A configuration that tells which one it is; long enough to be cut within. */
export interface Generation {
  generation: number;
  filler: string;
}

export function isGeneration(value: unknown): value is Generation {
  const { generation, filler } = (value ?? {}) as Partial<Generation>;
  return typeof generation === 'number' && typeof filler === 'string';
}
