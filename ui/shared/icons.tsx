/** Own line icons on a 24 px grid; colour and size come from the text around them. */
const shapes = {
  passport: 'M6 3h12v18H6z M12 13.5a3 3 0 1 0 0-6 3 3 0 0 0 0 6z M9 17.5h6',
  family:
    'M8 9a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z M16.5 10.5a2 2 0 1 0 0-4 2 2 0 0 0 0 4z M3.5 20v-3.5a4.5 4.5 0 0 1 9 0V20 M13.5 14.5a3.7 3.7 0 0 1 7 1.8V20',
  house: 'M3.5 11.5 12 4l8.5 7.5 M6 9.8V20h12V9.8 M10 20v-6h4v6',
  land: 'M3 19h18 M5 19v-5l4-3 4 4 3-2 3 2v4 M17 5.5v5 M17 5.5l4 1.5-4 1.5',
  money: 'M3 6.5h18v11H3z M12 14.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z M6.5 9.5v0 M17.5 14.5v0',
  transport: 'M4 17v-4.5l2-5.5h12l2 5.5V17 M3.5 12.5h17 M4 17h16 M6 17v2 M18 17v2 M7 14.8h1.5 M15.5 14.8H17',
  work: 'M3.5 8h17v11h-17z M9 8V5h6v3 M3.5 12.5h17 M12 11.5v2',
  business: 'M4 20V9h7v11 M11 20V4h9v16 M3 20h18 M14 8h3 M14 12h3 M14 16h3 M6.5 12.5H8.5 M6.5 16H8.5',
  child:
    'M12 10a4 4 0 1 0 0-8 4 4 0 0 0 0 8z M10.7 5.6v0 M13.3 5.6v0 M5 21c0-4.5 3-7.5 7-7.5s7 3 7 7.5 M9.5 17.5h5',
  social: 'M12 20.5S4 16 4 10.2A4.2 4.2 0 0 1 12 8a4.2 4.2 0 0 1 8 2.2c0 5.8-8 10.3-8 10.3z',
  health: 'M9.5 4h5v5.5H20v5h-5.5V20h-5v-5.5H4v-5h5.5z',
  tax: 'M6 3h9l4 4v14H6z M14.5 3v4.5H19 M9.5 17l5-6 M9.8 11.8v0 M14.3 16.6v0',
  certificate:
    'M4 4h16v11h-6 M10 15H4V4 M8 8h8 M8 11h5 M12 18.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z M10.6 18l-.8 4 2.2-1.2 2.2 1.2-.8-4',
  school: 'M2.5 9.5 12 5l9.5 4.5L12 14z M6.5 11.5V16c2 2 9 2 11 0v-4.5 M21.5 9.5V15',
  result: 'M6 3h9l4 4v14H6z M14.5 3v4.5H19 M9 14l2.3 2.3L15.5 12',
  consult: 'M4 5h16v11h-8l-4.5 4V16H4z M8.5 9h7 M8.5 12.2h4.5',
  other: 'M5 5h5v5H5z M14 5h5v5h-5z M5 14h5v5H5z M14 14h5v5h-5z',
  check: 'M4.5 12.5 10 18 19.5 7',
  cross: 'M6 6l12 12 M18 6 6 18',
  back: 'M19.5 12h-15 M11 5.5 4.5 12l6.5 6.5',
  forward: 'M4.5 12h15 M13 5.5l6.5 6.5-6.5 6.5',
  down: 'M12 4.5v15 M5.5 13l6.5 6.5 6.5-6.5',
  search: 'M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13z M15.3 15.3 20.5 20.5',
  larger: 'M2.5 19 8 5l5.5 14 M4.5 14.5h7 M14.5 19l3.2-8.5L21 19 M15.6 16.2h4.2',
  contrast: 'M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17z M12 3.5v17 M12 7.5h6.8 M12 12h8.3 M12 16.5h6.8',
  globe:
    'M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17z M3.5 12h17 M12 3.5c5 5 5 12 0 17 M12 3.5c-5 5-5 12 0 17',
  wheelchair: 'M10 5.5v0 M10 8.5v6h5.5l2.5 5h2 M10 11h5 M8 11.8a4.6 4.6 0 1 0 6.2 6.4',
  erase: 'M8.5 5.5H21v13H8.5L2.5 12z M12 9.5l5 5 M17 9.5l-5 5',
  clock: 'M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17z M12 7v5.2l3.5 2',
  calendar: 'M4 6h16v14H4z M4 10.5h16 M8.5 3.5V8 M15.5 3.5V8',
  rouble: 'M9 20V4.5h5a4.2 4.2 0 0 1 0 8.4H6.5 M6.5 16.4H13',
  attention: 'M12 4 2.8 20h18.4z M12 10v4.5 M12 17.3v0',
  trouble: 'M8.2 3.5h7.6l4.7 4.7v7.6l-4.7 4.7H8.2l-4.7-4.7V8.2z M12 7.5v5.5 M12 16.4v0',
  info: 'M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17z M12 11v5.5 M12 7.7v0',
  scan: 'M4 8V4h4 M16 4h4v4 M20 16v4h-4 M8 20H4v-4 M3 12h18',
  folder: 'M3 19V5h6.5l2 2.5H21V19z',
  page: 'M6 3h9l4 4v14H6z M14.5 3v4.5H19 M9 12h7 M9 16h7',
  sign: 'M4 20h16 M6 15.5l9.8-10 2.7 2.6-9.8 10L5.5 18.8z',
  link: 'M4 17.5a11 11 0 0 1 16 0 M7.5 20.5v0 M12 14v7 M8.5 9.5a5 5 0 0 1 7 0 M5.5 6.5a9.3 9.3 0 0 1 13 0',
  sound: 'M4 9.5v5h3.5L13 19V5L7.5 9.5z M16.5 9.5l4 5 M20.5 9.5l-4 5',
  aloud: 'M4 9.5v5h3.5L13 19V5L7.5 9.5z M16 9a4.2 4.2 0 0 1 0 6 M18.5 6.5a8 8 0 0 1 0 11',
  remove: 'M5 7h14 M9.5 7V4.5h5V7 M7 7l1 13h8l1-13 M10.5 11v5.5 M13.5 11v5.5',
  help: 'M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17z M9.3 9.5a2.8 2.8 0 1 1 4.2 2.4c-1 .6-1.5 1.1-1.5 2.2 M12 16.8v0',
  star: 'M12 3.5l2.6 5.4 5.9.8-4.3 4.1 1 5.9-5.2-2.8-5.2 2.8 1-5.9-4.3-4.1 5.9-.8z',
  plus: 'M12 5v14 M5 12h14',
  window: 'M4 4h16v16H4z M12 4v16 M4 12h16',
} as const;

export type IconName = keyof typeof shapes;

/** A picture beside words; screen readers skip it. */
export function Icon({ name, size }: { name: IconName; size?: number }) {
  const sizing = size === undefined ? {} : { width: size, height: size };
  return (
    <svg class="icon" viewBox="0 0 24 24" width="1.25em" height="1.25em" {...sizing} aria-hidden="true">
      <path d={shapes[name]} />
    </svg>
  );
}

/** The register names icons freely; an unknown name gets the plain one. */
export function iconNamed(name: string): IconName {
  return Object.hasOwn(shapes, name) ? (name as IconName) : 'other';
}
