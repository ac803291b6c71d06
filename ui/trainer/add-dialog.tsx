import { useSignal } from '@preact/signals';
import type { ApiError } from '../../protocol/api/common.ts';
import { otherKind } from '../../protocol/kind-phrases.ts';
import type { CandidatePage, KindsView, SampleSource } from '../../protocol/trainer.ts';
import { type Answer, get, post } from '../shared/api.ts';
import { Button } from '../shared/components/button.tsx';
import { Dialog } from '../shared/components/dialog.tsx';
import { FileButton } from '../shared/components/file-button.tsx';
import { Message, Notice } from '../shared/components/notice.tsx';
import { ScrollArea } from '../shared/components/scroll-area.tsx';
import { Progress } from '../shared/components/states.tsx';
import { showShare } from '../shared/figures.ts';
import { inLanguage, t } from '../shared/language.ts';
import { heldValue } from '../shared/resource.ts';
import { kindTitle } from './kind-title.ts';
import { kinds, takeSamples } from './store.ts';

/** Reading some pages takes a while. */
const readTimeoutMs = 180_000;

interface Offered extends CandidatePage {
  /** What it is, as the technician says; empty for a page that is left out. */
  kind: string;
}

/** Pages of a file or of a case, each with the kind that it is; what is left out is kept nowhere. */
export function AddDialog({ onClose }: { onClose: () => void }) {
  const number = useSignal('');
  const busy = useSignal(false);
  const error = useSignal<ApiError | null>(null);
  const offered = useSignal<{ source: SampleSource; of: string; pages: Offered[] } | null>(null);
  const run = async <T,>(work: () => Promise<Answer<T>>): Promise<T | null> => {
    if (busy.value) return null;
    busy.value = true;
    error.value = null;
    const answer = await work();
    busy.value = false;
    if (answer.ok) return answer.value;
    error.value = answer.error;
    return null;
  };
  const find = async (source: SampleSource, of: string, work: () => Promise<Answer<CandidatePage[]>>) => {
    const pages = await run(work);
    if (pages === null) return;
    offered.value = {
      ...{ source, of },
      pages: pages.map(page => ({ ...page, kind: page.guess === otherKind ? '' : page.guess })),
    };
  };
  const wanted = offered.value?.pages.filter(({ kind }) => kind !== '') ?? [];
  const add = async () => {
    let view: KindsView | null = null;
    for (const { kind, page } of wanted) {
      const body = { kind, page, source: offered.value?.source };
      view = await run(() => post<KindsView>('/api/kinds/samples', body));
      // Those before are kept; to add the same pages again does no harm.
      if (view === null) break;
      kinds.set(view);
    }
    const newest = heldValue(kinds);
    if (newest) void takeSamples(newest);
    if (view) onClose();
  };
  return (
    <Dialog
      class="trainer-add"
      title={t('trainer.add')}
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>{t('page.cancel')}</Button>
          <Button kind="primary" disabled={wanted.length === 0} busy={busy.value} onPress={() => void add()}>
            {t('trainer.add-phrase')}
          </Button>
        </>
      }
    >
      <Message tone="info">
        <p>{t('trainer.add-privacy')}</p>
      </Message>
      <FileButton
        accept=".jpg,.jpeg,.png,.tif,.tiff,.pdf"
        onFile={file =>
          void find('file', file.name, () => post<CandidatePage[]>('/api/kinds/pages', file, readTimeoutMs))
        }
      >
        {t('trainer.from-file')}
      </FileButton>
      <form
        class="trainer-new"
        onSubmit={event => {
          event.preventDefault();
          const wished = number.value.trim();
          if (wished !== '')
            void find('case', wished, () =>
              get<CandidatePage[]>(`/api/kinds/pages?number=${encodeURIComponent(wished)}`),
            );
        }}
      >
        <label class="field">
          <span>{t('trainer.from-case')}</span>
          <input
            class="input"
            maxLength={40}
            value={number.value}
            onInput={event => {
              number.value = event.currentTarget.value;
            }}
          />
        </label>
        <button type="submit" class="button plain">
          {t('trainer.find')}
        </button>
      </form>
      {busy.value && <Progress label={t('trainer.reading')} />}
      {error.value && <Notice error={error.value} />}
      {offered.value && <p>{offered.value.of}</p>}
      {offered.value?.pages.length === 0 && <p role="status">{t('trainer.pages-empty')}</p>}
      {offered.value?.pages.map((each, index) => (
        <OfferedPage
          key={`${offered.value?.of} ${each.number}`}
          page={each}
          onKind={kind => {
            const now = offered.value;
            if (now)
              offered.value = {
                ...now,
                pages: now.pages.map((one, at) => (at === index ? { ...one, kind } : one)),
              };
          }}
        />
      ))}
    </Dialog>
  );
}

function OfferedPage({ page, onKind }: { page: Offered; onKind: (kind: string) => void }) {
  // Kinds that are only edits yet cannot have samples.
  const saved = Object.entries(heldValue(kinds)?.rules ?? {});
  const told =
    page.guess === otherKind ? t('trainer.guess-none') : `${kindTitle(page.guess)}, ${showShare(page.sure)}`;
  return (
    <section class="trainer-offered">
      <h3>
        {t('trainer.page', { count: page.number })} <small>{told}</small>
      </h3>
      <select
        class="select"
        aria-label={t('trainer.page-kind', { count: page.number })}
        value={page.kind}
        onChange={event => onKind(event.currentTarget.value)}
      >
        <option value="">{t('trainer.skip')}</option>
        {saved.map(([id, { title }]) => (
          <option key={id} value={id}>
            {inLanguage(title)}
          </option>
        ))}
        <option value={otherKind}>{t('trainer.other')}</option>
      </select>
      <ScrollArea class="trainer-offered-text" label={t('trainer.text')}>
        <p>{page.page.words.map(({ text }) => text).join(' ')}</p>
      </ScrollArea>
    </section>
  );
}
