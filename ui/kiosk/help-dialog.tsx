import { useRef, useState } from 'preact/hooks';
import type { ApiError } from '../../protocol/api/common.ts';
import { post } from '../shared/api.ts';
import { Button } from '../shared/components/button.tsx';
import { Dialog } from '../shared/components/dialog.tsx';
import { Notice } from '../shared/components/notice.tsx';
import { t } from '../shared/language.ts';
import { newId } from '../shared/new-id.ts';
import { place } from './store.ts';

/** Calls the hall administrator to this kiosk. One call, however often the button is pressed. */
export function HelpDialog({ onClose }: { onClose: () => void }) {
  const requestId = useRef(newId());
  const [state, setState] = useState<'asking' | 'calling' | 'called'>('asking');
  const [error, setError] = useState<ApiError | null>(null);
  const call = async () => {
    setState('calling');
    const answer = await post('/api/administrator-calls', { requestId: requestId.current, place });
    setError(answer.ok ? null : answer.error);
    setState(answer.ok ? 'called' : 'asking');
  };
  if (state === 'called')
    return (
      <Dialog
        title={t('kiosk.help-called')}
        class="kiosk-dialog"
        onClose={onClose}
        actions={
          <Button kind="primary" onPress={onClose} autoFocus>
            {t('kiosk.done')}
          </Button>
        }
      >
        <p role="status">{t('kiosk.help-called-how')}</p>
      </Dialog>
    );
  return (
    <Dialog
      title={t('kiosk.help-title')}
      class="kiosk-dialog"
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>{t('page.cancel')}</Button>
          <Button kind="primary" busy={state === 'calling'} onPress={() => void call()} autoFocus>
            {t('kiosk.help-call')}
          </Button>
        </>
      }
    >
      <p>{t('kiosk.help-how')}</p>
      {error && <Notice error={error} />}
    </Dialog>
  );
}
