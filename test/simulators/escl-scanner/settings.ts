import { XmlError } from '../../../protocol/xml/nodes.ts';
import { parseXml } from '../../../protocol/xml/parse.ts';
import { ability } from './documents.ts';

/** What a job asks for. */
export interface ScanWish {
  source: 'Platen' | 'Feeder';
  duplex: boolean;
  colourMode: string;
  dpi: number;
  /** In 1/300 inch. */
  width: number;
  height: number;
}

/** Reads `ScanSettings`, or says what a device would refuse about them. */
export function readSettings(body: Buffer): ScanWish | { refused: string } {
  try {
    if (parseXml(body).root.name !== 'ScanSettings') return { refused: 'no ScanSettings' };
  } catch (error) {
    if (error instanceof XmlError) return { refused: error.message };
    throw error;
  }
  const value = (name: string) => new RegExp(`<(?:scan|pwg):${name}>([^<]*)<`).exec(body.toString())?.[1];
  const source = value('InputSource') ?? 'Platen';
  const wish = {
    duplex: value('Duplex') === 'true',
    colourMode: value('ColorMode') ?? 'RGB24',
    dpi: Number(value('XResolution') ?? 300),
    width: Number(value('Width') ?? ability.maxWidth),
    height: Number(value('Height') ?? ability.maxHeight),
  };
  if (source !== 'Platen' && source !== 'Feeder') return { refused: `source ${source}` };
  if (source === 'Platen' && wish.duplex) return { refused: 'both sides of the glass' };
  if (!ability.colourModes.includes(wish.colourMode)) return { refused: `colour mode ${wish.colourMode}` };
  if (!ability.resolutions.includes(wish.dpi) || value('YResolution') !== String(wish.dpi))
    return { refused: `resolution ${wish.dpi}` };
  if (!(wish.width >= 16 && wish.width <= ability.maxWidth)) return { refused: `width ${wish.width}` };
  if (!(wish.height >= 16 && wish.height <= ability.maxHeight)) return { refused: `height ${wish.height}` };
  const format = value('DocumentFormatExt') ?? value('DocumentFormat');
  return format === 'image/jpeg' ? { source, ...wish } : { refused: `format ${format}` };
}
