import type { Picture } from './picture.ts';

/** How far beside a column its surroundings are looked at: dust is narrower. */
const beside = 4;
/** Every how many rows. */
const stride = 8;
/** Surroundings that differ by more are print. */
const evenLevels = 16;
/** How much darker than its surroundings a column is, in most places from the upper edge to the lower one. */
const darker = 4;
const mostPlaces = 0.66;
const parts = 6;
/** Of a part of a column, what must be paper for it to count. */
const paperShare = 0.3;

/** A column that is darker all the way down, and by how many levels. */
export interface Streak {
  column: number;
  levels: number;
}

/**
 * Lines from edge to edge that dust on the glass of a feeder draws: they cut columns of print apart and look
 * straight when the sheet is not. Long rules of a form that was laid exactly straight are taken for them.
 * @param picture as it was scanned, before it is turned
 */
export function findStreaks(picture: Picture): Streak[] {
  const { data, width, height, channels } = picture;
  // Green is the sharpest channel of a JPEG; a grey picture has one only.
  const channel = channels === 3 ? 1 : 0;
  const partRows = Math.ceil(height / parts);
  const [even, dark, sums] = [parts, parts, 1].map(each => new Int32Array(width * each));
  if (!even || !dark || !sums) return [];
  for (let y = 0; y < height; y += stride) {
    const part = Math.floor(y / partRows) * width;
    let at = (y * width + beside) * channels + channel;
    for (let x = beside; x < width - beside; x++, at += channels) {
      const left = data[at - beside * channels] ?? 0;
      const right = data[at + beside * channels] ?? 0;
      const unlike = left - right;
      if (unlike > evenLevels || unlike < -evenLevels) continue;
      const less = ((left + right) >> 1) - (data[at] ?? 0);
      even[part + x] = (even[part + x] ?? 0) + 1;
      sums[x] = (sums[x] ?? 0) + less;
      if (less >= darker) dark[part + x] = (dark[part + x] ?? 0) + 1;
    }
  }
  const found: Streak[] = [];
  for (let column = beside; column < width - beside; column++) {
    let [isStreak, all] = [true, 0];
    for (let part = 0; part < parts && isStreak; part++) {
      const places = even[part * width + column] ?? 0;
      all += places;
      isStreak =
        places * stride >= partRows * paperShare && (dark[part * width + column] ?? 0) >= places * mostPlaces;
    }
    if (isStreak) found.push({ column, levels: Math.round((sums[column] ?? 0) / all) });
  }
  return found;
}

/** The picture with those columns as bright as what is beside them; print that they cross stays. */
export function withoutStreaks(picture: Picture, streaks: readonly Streak[]): Picture {
  const { width, height, channels } = picture;
  const data = new Uint8Array(picture.data);
  for (const { column, levels } of streaks)
    for (let y = 0; y < height; y++)
      for (let channel = 0; channel < channels; channel++) {
        const at = (y * width + column) * channels + channel;
        data[at] = Math.min(255, (data[at] ?? 0) + levels);
      }
  return { ...picture, data };
}
