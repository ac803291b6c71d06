import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { IncomingView } from '../../protocol/api/scanning.ts';
import { showDayAndTime } from '../shared/clock.ts';
import { Button } from '../shared/components/button.tsx';
import { Dialog } from '../shared/components/dialog.tsx';
import { Empty, Loaded } from '../shared/components/states.tsx';
import { inLanguage, t } from '../shared/language.ts';
import { resource } from '../shared/resource.ts';
import { showSize } from '../shared/size.ts';
import { busy, takeIncoming } from './actions.ts';
import { OriginalForm } from './original-form.tsx';

const incoming = resource<IncomingView>(() => '/api/incoming', ['incoming']);

interface IncomingDialogProps {
  kind: string;
  title: string;
  onClose: () => void;
}

/** Pages that a multi-function printer put into the branch's folder, in the order in which they are chosen. */
export function IncomingDialog({ kind, title, onClose }: IncomingDialogProps) {
  const chosen = useSignal<string[]>([]);
  useEffect(() => void incoming.refresh(), []);
  const toggle = (id: string) => {
    chosen.value = chosen.value.includes(id) ? chosen.value.filter(one => one !== id) : [...chosen.value, id];
  };
  const held = incoming.held.value;
  const present = held.kind === 'ready' ? held.value.files.map(file => file.id) : [];
  const files = chosen.value.filter(id => present.includes(id));
  return (
    <Dialog
      title={t('clerk.incoming-for', { title })}
      class="incoming-dialog"
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>{t('page.cancel')}</Button>
          <Button
            kind="primary"
            disabled={files.length === 0}
            busy={busy.value === 'documents'}
            onPress={() => void takeIncoming(kind, files)}
          >
            {t('clerk.incoming-take', { count: files.length })}
          </Button>
        </>
      }
    >
      <p class="incoming-about">{t('clerk.incoming')}</p>
      <Loaded held={held} onRetry={() => void incoming.refresh()}>
        {view => (
          <>
            {view.files.length === 0 ? (
              <Empty icon="folder">{t('clerk.incoming-empty')}</Empty>
            ) : (
              <ul class="incoming">
                {view.files.map(file => (
                  <li key={file.id}>
                    <label class="incoming-file">
                      <input
                        type="checkbox"
                        checked={chosen.value.includes(file.id)}
                        onChange={() => toggle(file.id)}
                      />
                      <img src={`/api/pages/${file.pageSha256}/thumbnail`} alt="" width="120" height="168" />
                      <span class="incoming-name">{file.name}</span>
                      <small class="figures">
                        {showDayAndTime(file.arrivedAt)}, {showSize(file.sizeBytes)}
                      </small>
                    </label>
                  </li>
                ))}
              </ul>
            )}
            {view.rejected.length > 0 && <Rejected files={view.rejected} />}
          </>
        )}
      </Loaded>
      <OriginalForm kind={kind} />
    </Dialog>
  );
}

function Rejected({ files }: { files: IncomingView['rejected'] }) {
  return (
    <section class="incoming-rejected">
      <h3>{t('clerk.incoming-rejected')}</h3>
      <ul>
        {files.map(file => (
          <li key={`${file.name} ${file.arrivedAt}`}>
            <strong>{file.name}</strong> <time>{showDayAndTime(file.arrivedAt)}</time>
            <p>{inLanguage(file.error)}</p>
            <small>{t('page.code', { code: file.error.code })}</small>
          </li>
        ))}
      </ul>
    </section>
  );
}
