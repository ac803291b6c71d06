import { useSignal } from '@preact/signals';
import type { CaseView } from '../../protocol/api/cases.ts';
import type { ApiError } from '../../protocol/api/common.ts';
import { post } from '../shared/api.ts';
import { Button } from '../shared/components/button.tsx';
import { Dialog } from '../shared/components/dialog.tsx';
import { Notice } from '../shared/components/notice.tsx';
import { inLanguage, t } from '../shared/language.ts';
import { pileKind } from './sorting.ts';

/** A printer of a busy office takes its time. */
const printTimeoutMs = 310_000;

/** Sheets to be put between the documents of a pile; printed once, used for months. */
export function SeparatorsDialog({ view, onClose }: { view: CaseView; onClose: () => void }) {
  const all = [
    { kind: pileKind, title: t('clerk.separators-any') },
    ...view.checklist.map(({ kind, title }) => ({ kind, title: inLanguage(title) })),
  ];
  const chosen = useSignal(all.map(({ kind }) => kind));
  const printing = useSignal(false);
  const failure = useSignal<ApiError | null>(null);
  const address = `/api/services/${view.serviceId}/separators`;
  const toggle = (kind: string) => {
    // In the order of the checklist, whatever was ticked last.
    chosen.value = all.map(each => each.kind).filter(each => chosen.value.includes(each) !== (each === kind));
  };
  const print = async () => {
    printing.value = true;
    failure.value = null;
    const answer = await post(address, { kinds: chosen.value }, printTimeoutMs);
    printing.value = false;
    if (answer.ok) onClose();
    else failure.value = answer.error;
  };
  return (
    <Dialog
      title={t('clerk.separators')}
      class="separators-dialog"
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>{t('page.cancel')}</Button>
          <Button
            kind="primary"
            disabled={chosen.value.length === 0}
            busy={printing.value}
            onPress={() => void print()}
          >
            {t('clerk.separators-print', { count: chosen.value.length })}
          </Button>
        </>
      }
    >
      <p>{t('clerk.separators-about')}</p>
      <a href={address} target="_blank" rel="noreferrer">
        {t('clerk.separators-file')}
      </a>
      {failure.value && <Notice error={failure.value} />}
      <ul class="separators">
        {all.map(({ kind, title }) => (
          <li key={kind}>
            <label>
              <input type="checkbox" checked={chosen.value.includes(kind)} onChange={() => toggle(kind)} />
              {title}
            </label>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
