/** A row of a text table, with its line in the file counted from 1. */
export interface Row {
  line: number;
  cells: string[];
}

const separators = [';', '\t', ',', '|'] as const;

/**
 * Rows of a text table: the separator that the first lines have in common, quotes as in RFC 4180, blank lines
 * and lines that begin with `#` left out. Bytes that are no UTF-8 are read as Windows-1251, which tables of
 * Russian branches often are.
 */
export function readTable(bytes: Uint8Array): Row[] {
  const text = decode(bytes);
  const lines = text.split(/\r\n|\n|\r/);
  const separator = separatorOf(lines.filter(isData).slice(0, 20));
  const rows: Row[] = [];
  lines.forEach((line, index) => {
    if (isData(line)) rows.push({ line: index + 1, cells: cellsOf(line, separator) });
  });
  return rows;
}

const isData = (line: string) => line.trim() !== '' && !line.startsWith('#') && !/^sep=.$/i.test(line);

function decode(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1251').decode(bytes);
  }
}

/** The one that gives most columns in most lines; a comma may be a decimal one beside the others. */
function separatorOf(lines: readonly string[]): string {
  let best: { separator: string; columns: number } = { separator: ',', columns: 1 };
  for (const separator of separators) {
    const counts = lines.map(line => cellsOf(line, separator).length);
    const columns = Math.min(...counts);
    if (columns > best.columns) best = { separator, columns };
    if (columns > 1 && separator !== ',') return separator;
  }
  return best.separator;
}

function cellsOf(line: string, separator: string): string[] {
  if (!line.includes('"')) return line.split(separator).map(cell => cell.trim());
  const cells: string[] = [];
  let cell = '';
  let isQuoted = false;
  for (let at = 0; at < line.length; at++) {
    const letter = line[at];
    if (isQuoted && letter === '"' && line[at + 1] === '"') {
      cell += '"';
      at++;
    } else if (letter === '"') isQuoted = !isQuoted;
    else if (letter === separator && !isQuoted) {
      cells.push(cell.trim());
      cell = '';
    } else cell += letter;
  }
  return [...cells, cell.trim()];
}
