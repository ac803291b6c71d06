import type { HubView } from '../../protocol/api/hub.ts';
import { Message } from './components/notice.tsx';
import { t } from './language.ts';
import { heldValue, resource } from './resource.ts';

/** Whether the box of this page runs the queue. A station has no such address: it follows whichever box does. */
export const hub = resource<HubView>(() => '/api/hub', ['hub']);

/** The box that runs the queue, when it is not this one. */
export function otherHub(): (NonNullable<HubView['hub']> & { state: HubView['state'] }) | null {
  const view = heldValue(hub);
  if (!view || view.state === 'hub') return null;
  return { box: view.hub?.box ?? '', url: view.hub?.url ?? '', state: view.state };
}

/** For pages of people who work at the queue: it is elsewhere, and here is the way. */
export function HubNotice({ page }: { page: string }) {
  const other = otherHub();
  if (!other) return null;
  const address = `${other.url}${page}`;
  return (
    <div class="hub-notice">
      <Message
        tone={other.state === 'spare' ? 'attention' : 'trouble'}
        title={t(`hub.${other.state === 'spare' ? 'spare' : 'replaced'}`, { box: other.box })}
        action={<a href={address}>{t('hub.go', { url: address })}</a>}
      >
        <p>{t('hub.what')}</p>
      </Message>
    </div>
  );
}
