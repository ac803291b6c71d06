import { createBoxServer } from '../../../device/http/box-server.ts';
import { createBoxState } from '../../../device/journal/box-state.ts';
import { openJournal } from '../../../device/journal/journal.ts';
import type { Attached } from '../../../device/peripherals/discovery/attached.ts';
import { drivers } from '../../../device/peripherals/registry.ts';
import { openRoles } from '../../../device/peripherals/roles.ts';
import { startSupervisor } from '../../../device/peripherals/supervisor.ts';
import type { CardService } from '../../../device/peripherals/transports/pcsc.ts';
import { openSerial } from '../../../device/peripherals/transports/serial.ts';
import { systemClock as clock } from '../../../platform/clock.ts';
import { createLog } from '../../../platform/log.ts';
import { openDatabase } from '../../../platform/sqlite.ts';
import { boxConfig } from '../setting/box-config.ts';
import { tell } from './conversation.ts';

/** `scanner-box DIR NODE`: what of a box stands between a code scanner on a serial line and the kiosk's page. */
const [dir = '', node = ''] = process.argv.slice(2);
const log = createLog('scanner-box', 'error');
const db = openDatabase(':memory:');
const journal = openJournal({ db, clock, clockQuality: () => 'trusted' });
const web = await createBoxServer({ journal, config: boxConfig('mfc-902', dir), clock, log });
const noCards: CardService = {
  ...{ runs: () => false, readers: () => [], listen: () => () => {}, pid: () => undefined },
  transmit: () => Promise.reject(new Error('no cards here')),
  stop: async () => {},
};
const readyOnce = Promise.withResolvers<void>();
const supervisor = startSupervisor({
  lookAround: async (): Promise<Attached[]> => [
    {
      ...{ line: 'serial', node, port: '1-1', usb: { vendor: '0c2e', product: '0b61' } },
      ...{ serial: '1', model: 'Bench', usage: null, descriptor: new Uint8Array() },
    },
  ],
  watch: () => () => {},
  drivers,
  roles: openRoles(journal, createBoxState(db)),
  world: {
    ...{ clock, log, holdersOf: async () => [] },
    openLine: {
      cards: noCards,
      openSerial: (path, baudRate) => openSerial({ path, baudRate, offline: 'device.offline' }),
      openHid: () => Promise.reject(new Error('no HID here')),
    },
  },
  onReading: web.tellReading,
  onChange() {
    const [one] = supervisor.devices();
    if (one?.role?.place === 'kiosk' && one.state.phase === 'ready') readyOnce.resolve();
  },
});
await supervisor.look();
const [scanner] = supervisor.devices();
await supervisor.assign(scanner?.id ?? '', {
  ...{ driver: 'barcode-scanner.serial', place: 'kiosk', baudRate: 9600, prefix: '', suffix: '' },
});
await readyOnce.promise;
await web.listen();
tell({ port: (web.server.server.address() as { port: number }).port });
process.on('SIGTERM', () => {
  void supervisor.stop().then(() => process.exit(0));
});
