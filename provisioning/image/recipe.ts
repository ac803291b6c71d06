import { readFileSync } from 'node:fs';

/** Release of Debian that the appliance is made of, and where its packages come from. */
export const suite = 'bookworm';
export const mirror = 'http://deb.debian.org/debian';

/** What the appliance needs below the packages that the box itself asks for. */
const ground = [
  'systemd-sysv',
  'udev',
  'dbus',
  'kmod',
  'iproute2',
  'libstdc++6',
  'ca-certificates',
  'libccid',
];

/** Debian packages of the image: the ground and everything that `debian-packages.json` calls needed to run. */
export function imagePackages(): string[] {
  const list = new URL('../setup/debian-packages.json', import.meta.url);
  const packages = JSON.parse(readFileSync(list, 'utf8')) as { name: string; neededBy: string }[];
  const needed = packages.filter(({ neededBy }) => neededBy === 'run').map(({ name }) => name);
  return [...ground, ...needed].sort();
}

/** Modules without which there is no root file system; they go into the initial RAM disk. */
export const earlyModules = ['virtio_pci', 'virtio_blk', 'squashfs', 'overlay'];

/**
 * Modules of the kernel that the image carries, with all that they depend on: a tenth of the whole. The last
 * line are the ends of devices that tests make inside the machine; without being loaded they cost 200 kB.
 */
export const modules = [
  ...earlyModules,
  ...['virtio_net', 'virtio_rng', 'virtio_console', 'ext4', 'loop', 'dm-verity', 'af_packet', 'evdev'],
  ...[
    'ahci',
    'nvme',
    'e1000e',
    'igb',
    'r8169',
    'xhci_pci',
    'ehci_pci',
    'uhci_hcd',
    'ohci_pci',
    'usb-storage',
  ],
  ...['usbhid', 'hid-generic', 'usblp', 'cdc-acm', 'usbserial', 'ftdi_sio', 'pl2303', 'cp210x', 'ch341'],
  ...['i6300esb', 'configfs', 'uhid', 'libcomposite', 'usb_f_printer', 'usb_f_acm', 'usb_f_hid', 'dummy_hcd'],
];

/** The account that the box runs under, and the groups that open its devices to it. */
export const account = 'okno';
export const accountId = 900;
export const deviceGroups = ['dialout', 'lp', 'input', 'plugdev', 'audio'];

/** Where the image keeps the programs and the box its records. */
export const places = {
  programs: '/opt/okno',
  config: '/etc/okno/box.json',
  data: '/var/lib/okno',
  compiled: '/var/cache/okno/compiled',
};
