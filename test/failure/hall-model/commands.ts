/** What may happen, and how often of a thousand times. Each carries numbers in [0, 1) that choose its details. */
const shares = {
  'take at the hub': 110,
  'take at a kiosk': 130,
  'the same wish again': 25,
  'read from the screen': 8,
  'call next': 160,
  'call chosen': 25,
  recall: 30,
  came: 120,
  'no-show': 20,
  finish: 110,
  hold: 35,
  back: 15,
  transfer: 30,
  'add a service': 15,
  comment: 5,
  'open a window': 12,
  pause: 15,
  'last client': 20,
  'close a window': 8,
  'cancel by phone': 15,
  'come back': 15,
  'change a ticket': 12,
  'cancel by the hall': 10,
  'give back': 8,
  reprint: 8,
  'skills of a clerk': 8,
  'offer of a service': 6,
  'day closed and opened': 2,
  announce: 4,
  'message to clerks': 4,
  'paper runs out or is put in': 10,
  'time passes': 110,
  tick: 50,
  'a night passes': 4,
  'a kiosk talks': 40,
  'a kiosk talks until its line breaks': 30,
  'the line of a kiosk is cut': 12,
  'the line of a kiosk hangs': 8,
  'the line of a kiosk is mended': 30,
  'the hub is killed': 5,
  'the hub is killed in an act': 10,
  'a kiosk is killed': 6,
  'the clock is set': 10,
} as const;

export type CommandName = keyof typeof shares;
export interface Command {
  name: CommandName;
  draws: readonly number[];
}

const names = Object.keys(shares) as CommandName[];
const total = names.reduce((sum, name) => sum + shares[name], 0);

export function drawCommands(random: () => number, count: number): Command[] {
  return Array.from({ length: count }, () => {
    let left = random() * total;
    const name = names.find(each => {
      left -= shares[each];
      return left < 0;
    });
    return { name: name ?? 'tick', draws: Array.from({ length: 6 }, random) };
  });
}
