import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import type { DeviceEvent, RoleView, TechnicianDevice } from '../../protocol/api/technician.ts';
import { AppError, type ErrorDetails } from '../../protocol/app-error.ts';
import type { ErrorCode } from '../../protocol/errors.ts';
import type { CardRead, CodeRead } from '../../protocol/readings.ts';
import type { Attached } from './discovery/attached.ts';
import type { Driver, DriverEnv, OpenedDevice } from './driver.ts';
import { discovered, nextPhase, type Phase, type PhaseEvent } from './phases.ts';
import { createWireLog, type WireLog } from './wire-log.ts';

const mostEvents = 50;

/** What a device may use of the world; the supervisor gives it. */
export interface DeviceWorld {
  clock: Clock;
  log: Log;
  openLine: Pick<DriverEnv, 'cards'> & {
    openSerial(node: string, baudRate: number): ReturnType<DriverEnv['openSerial']>;
    openHid(node: string, takesKeyboard: boolean): ReturnType<DriverEnv['openHid']>;
  };
  holdersOf(node: string): Promise<string[]>;
  onRead(device: SupervisedDevice, read: CodeRead | CardRead): void;
  onChange(): void;
  /** The line went by itself: it may have been unplugged. */
  onLineGone(): void;
  backOffMs: { first: number; longest: number };
}

/** The appliance's service may not look into programs of other users. */
const unseen = { ru: 'какой, отсюда не видно', en: 'which one cannot be seen from here' };
const usual = { baudRate: 9600, prefix: '', suffix: '' };

/** One device that is or was plugged in: its state, and the loop that keeps it open. */
export class SupervisedDevice {
  readonly id: string;
  readonly wire: WireLog;
  readonly #world: DeviceWorld;
  attached: Attached;
  /** Node that is open or being opened. */
  #node = '';
  driver: Driver | null = null;
  role: RoleView | null = null;
  state: Phase = discovered;
  details: ErrorDetails = {};
  events: TechnicianDevice['events'] = [];
  #opened: OpenedDevice | undefined;
  #retry: NodeJS.Timeout | undefined;
  #pauseMs = 0;
  /** Counts openings: what belongs to an earlier one says nothing any more. */
  #turn = 0;

  constructor(id: string, attached: Attached, world: DeviceWorld) {
    this.id = id;
    this.attached = attached;
    this.#world = world;
    this.wire = createWireLog(world.clock, true);
  }

  note(event: DeviceEvent, code: ErrorCode | null = null): void {
    this.events.unshift({ at: this.#world.clock.now().toISOString(), event, code });
    this.events.length = Math.min(this.events.length, mostEvents);
    if (event !== 'read' && event !== 'card-gone')
      this.#world.log.info({ device: this.id, event, code, port: this.attached.port }, 'device');
  }

  apply(event: PhaseEvent): void {
    const before = this.state;
    this.state = nextPhase(before, event);
    if (before.phase !== this.state.phase || before.code !== this.state.code) this.#world.onChange();
  }

  /** It is there: opens it when it should work and does not yet. */
  async present(attached: Attached): Promise<void> {
    this.attached = attached;
    this.apply({ kind: 'seen' });
    if (!this.driver) {
      this.apply({ kind: 'no-role' });
      return this.close();
    }
    if (this.#opened && this.#node !== attached.node) await this.close();
    if (!this.#opened && !this.#retry && this.#node === '') await this.#open(this.driver);
  }

  async absent(): Promise<void> {
    const before = this.state.phase;
    this.apply({ kind: 'missed' });
    if (this.state.misses === 1) this.note('absent');
    if (this.state.phase !== 'lost') return;
    if (before !== 'lost') this.note('lost', 'device.lost');
    await this.close();
  }

  /** Lets the device go. It can be opened again. */
  async close(): Promise<void> {
    this.#turn++;
    clearTimeout(this.#retry);
    this.#retry = undefined;
    this.#node = '';
    this.#pauseMs = 0;
    const opened = this.#opened;
    this.#opened = undefined;
    await opened?.close();
  }

  async #open(driver: Driver): Promise<void> {
    const turn = ++this.#turn;
    const isNow = () => this.#turn === turn;
    this.#node = this.attached.node;
    this.apply({ kind: 'opening' });
    try {
      const opened = await driver.open(this.#env(isNow));
      // The technician took the role away, or it was pulled, while it was being opened.
      if (!isNow()) return await opened.close();
      this.#opened = opened;
      this.#pauseMs = 0;
      this.apply({ kind: 'opened' });
      this.note('ready');
      opened.onClose(() => isNow() && this.#lineGone());
    } catch (error) {
      const refusal = await this.#refusal(error);
      if (!isNow()) return;
      this.details = refusal.details;
      const isNews = this.state.failures === 0;
      this.apply({ kind: 'refused', code: refusal.code });
      if (isNews) this.note('fault', refusal.code);
      this.#tryLater(turn);
    }
  }

  #lineGone(): void {
    this.note('line-lost');
    this.#opened = undefined;
    this.apply({ kind: 'line-gone' });
    this.#tryLater(this.#turn);
    this.#world.onLineGone();
  }

  #tryLater(turn: number): void {
    const { first, longest } = this.#world.backOffMs;
    this.#pauseMs = this.#pauseMs === 0 ? first : Math.min(this.#pauseMs * 2, longest);
    this.#node = '';
    this.#retry = setTimeout(() => {
      this.#retry = undefined;
      // While it is not to be seen, the next look that finds it opens it.
      if (this.#turn === turn && this.state.misses === 0 && this.driver) void this.#open(this.driver);
    }, this.#pauseMs);
    this.#retry.unref();
  }

  async #refusal(error: unknown): Promise<{ code: ErrorCode; details: ErrorDetails }> {
    if (!(error instanceof AppError)) {
      this.#world.log.error({ err: error, device: this.id }, 'a driver failed unexpectedly');
      return { code: 'device.offline', details: {} };
    }
    if (error.code !== 'device.offline') return error;
    const holders = await this.#world.holdersOf(this.attached.node);
    const isHeld =
      holders.length > 0 || /busy|lock|temporarily unavailable/i.test(String(error.details.reason));
    return isHeld ? { code: 'device.held', details: { holder: holders.join(', ') || unseen } } : error;
  }

  #env(isNow: () => boolean): DriverEnv {
    const { openLine, onRead } = this.#world;
    const { node } = this.attached;
    return {
      attached: this.attached,
      settings: this.role ?? usual,
      cards: openLine.cards,
      wire: this.wire,
      openSerial: baudRate => openLine.openSerial(node, baudRate),
      openHid: ({ takesKeyboard }) => openLine.openHid(node, takesKeyboard),
      tell: read => {
        if (!isNow()) return;
        this.note(read.kind === 'card-gone' ? 'card-gone' : 'read');
        onRead(this, read);
      },
      garbage: () => {
        // A flood of it is one event (F29, F42).
        if (this.events[0]?.event !== 'garbage') this.note('garbage');
      },
      trouble: code => {
        if (!isNow()) return;
        if (code) this.note('fault', code);
        this.apply({ kind: 'trouble', code });
      },
    };
  }
}
