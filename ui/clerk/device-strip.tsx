import { useSignal } from '@preact/signals';
import type { DevicesView, LinkView } from '../../protocol/api/box.ts';
import { showDayAndTime } from '../shared/clock.ts';
import { Button } from '../shared/components/button.tsx';
import { Dialog } from '../shared/components/dialog.tsx';
import { Notice, type Tone } from '../shared/components/notice.tsx';
import { StatusDot } from '../shared/components/status.tsx';
import { inLanguage, t } from '../shared/language.ts';
import { heldValue } from '../shared/resource.ts';
import { devices } from './store.ts';

type Device = DevicesView['devices'][number];

const deviceTone = { ready: 'serving', attention: 'attention', trouble: 'trouble' } as const;
const linkTone = { connected: 'serving', connecting: 'waiting', offline: 'attention' } as const;

/** Bottom: each device a word and a dot; a press says what is wrong and what to do. */
export function DeviceStrip() {
  const opened = useSignal<string | null>(null);
  const view = heldValue(devices);
  const device = view?.devices.find(one => one.id === opened.value);
  const close = () => {
    opened.value = null;
  };
  return (
    <section class="strip" aria-label={t('clerk.devices')}>
      {view?.devices.map(one => (
        <StripButton
          key={one.id}
          name={inLanguage(one.title)}
          word={stateWord(one)}
          tone={deviceTone[one.state]}
          onPress={() => {
            opened.value = one.id;
          }}
        />
      ))}
      {view && (
        <StripButton
          name={t('clerk.link')}
          word={t(`clerk.link.${view.link.state}`)}
          tone={linkTone[view.link.state]}
          onPress={() => {
            opened.value = 'link';
          }}
        />
      )}
      {device && <DeviceDialog device={device} onClose={close} />}
      {view && opened.value === 'link' && <LinkDialog link={view.link} onClose={close} />}
    </section>
  );
}

/** Room and promises are not «готов». */
function stateWord({ kind, state }: Device): string {
  const isNoMachine = kind === 'disk' || kind === 'forecast' || kind === 'call-board';
  return t(state === 'ready' && isNoMachine ? `clerk.device.ready-${kind}` : `clerk.device.${state}`);
}

interface StripButtonProps {
  name: string;
  word: string;
  tone: Tone;
  onPress: () => void;
}

function StripButton({ name, word, tone, onPress }: StripButtonProps) {
  return (
    <button type="button" class="strip-button" aria-haspopup="dialog" onClick={onPress}>
      <StatusDot tone={tone}>
        {name}: {word}
      </StatusDot>
    </button>
  );
}

function DeviceDialog({ device, onClose }: { device: Device; onClose: () => void }) {
  return (
    <Dialog title={inLanguage(device.title)} onClose={onClose} actions={<CloseButton onClose={onClose} />}>
      <StatusDot tone={deviceTone[device.state]}>{t(`clerk.device.${device.state}`)}</StatusDot>
      {device.error ? <Notice error={device.error} /> : <p>{t('clerk.device.fine')}</p>}
    </Dialog>
  );
}

function LinkDialog({ link, onClose }: { link: LinkView; onClose: () => void }) {
  return (
    <Dialog title={t('clerk.link')} onClose={onClose} actions={<CloseButton onClose={onClose} />}>
      <StatusDot tone={linkTone[link.state]}>
        {t(`clerk.link.${link.state}`)} {t('clerk.link-since', { time: showDayAndTime(link.since) })}
      </StatusDot>
      {link.error && <Notice error={link.error} />}
      <p>{link.unsent === 0 ? t('clerk.link-all-sent') : t('clerk.link-unsent', { count: link.unsent })}</p>
    </Dialog>
  );
}

function CloseButton({ onClose }: { onClose: () => void }) {
  return (
    <Button kind="primary" autoFocus onPress={onClose}>
      {t('page.close')}
    </Button>
  );
}
