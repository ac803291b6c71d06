import { useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { CaseView } from '../../protocol/api/cases.ts';
import type { ProposalView } from '../../protocol/api/documents.ts';
import { Button } from '../shared/components/button.tsx';
import { Dialog } from '../shared/components/dialog.tsx';
import { Notice } from '../shared/components/notice.tsx';
import { Empty } from '../shared/components/states.tsx';
import { inLanguage, t } from '../shared/language.ts';
import { arrange, busy, failure } from './actions.ts';
import {
  binKind,
  changes,
  joinBefore,
  moved,
  neighbour,
  ofKind,
  type Place,
  pileKind,
  placeOf,
  type SortDocument,
  shifted,
  splitBefore,
  takenOut,
  turned,
} from './sorting.ts';

interface SortDialogProps {
  view: CaseView;
  /** How the box would sort the pages; the clerk has the last word. */
  proposal: ProposalView;
  onClose: () => void;
}

/** Pages of the case as thumbnails in rows, a row a document: dragged, turned, split, joined, taken out, undone. */
export function SortDialog({ view, proposal, onClose }: SortDialogProps) {
  const { now: before, isRead } = proposal;
  // The first step back is out of the proposal.
  const past = useSignal<SortDocument[][]>(changes(before, proposal.documents).length > 0 ? [before] : []);
  const documents = useSignal(proposal.documents);
  const at = useSignal(
    placeOf(documents.value, documents.value.flatMap(each => each.pages)[0]?.sha256) ?? start,
  );
  const grid = useRef<HTMLDivElement>(null);

  // Before the next key comes, which would go nowhere when the page that had the focus went elsewhere.
  useLayoutEffect(() => {
    grid.current?.querySelector<HTMLElement>('[aria-current="true"]')?.focus();
  }, [at.value, documents.value]);

  const pageAt = ({ document, page }: Place) => documents.value[document]?.pages[page]?.sha256;
  /** The page in hand stays in hand, wherever it went. */
  const show = (next: SortDocument[], held = pageAt(at.value)) => {
    documents.value = next;
    at.value = placeOf(next, held) ?? start;
  };
  const change = (next: SortDocument[], held?: string) => {
    if (next === documents.value) return;
    past.value = [...past.value, documents.value];
    show(next, held);
  };
  const undo = () => {
    const last = past.value.at(-1);
    if (!last) return;
    past.value = past.value.slice(0, -1);
    show(last);
  };
  const takeOut = () => {
    const behind = neighbour(documents.value, at.value, 1);
    const isLast = pageAt(behind) === pageAt(at.value);
    const next = takenOut(documents.value, at.value, crypto.randomUUID());
    change(next, pageAt(isLast ? neighbour(documents.value, at.value, -1) : behind));
  };
  const acts: Record<Act, () => void> = {
    turn: () => change(turned(documents.value, at.value)),
    earlier: () => change(shifted(documents.value, at.value, -1)),
    later: () => change(shifted(documents.value, at.value, 1)),
    split: () => change(splitBefore(documents.value, at.value, crypto.randomUUID())),
    join: () => change(joinBefore(documents.value, at.value.document)),
    'take-out': takeOut,
    undo,
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.target instanceof HTMLSelectElement) return;
    const act = actOf(event);
    if (act) acts[act]();
    else if (event.code === 'ArrowRight') at.value = neighbour(documents.value, at.value, 1);
    else if (event.code === 'ArrowLeft') at.value = neighbour(documents.value, at.value, -1);
    else return;
    event.preventDefault();
  };
  const wish = changes(before, documents.value);
  const isInBin = documents.value[at.value.document]?.kind === binKind;
  return (
    <Dialog
      title={t('clerk.sort-title')}
      class="sort-dialog"
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>{t('page.cancel')}</Button>
          <Button
            kind="primary"
            disabled={wish.length === 0}
            busy={busy.value === 'arrange'}
            onPress={() => void arrange(wish)}
          >
            {t('clerk.sort-done')}
          </Button>
        </>
      }
    >
      <div class="sort-tools" role="toolbar" aria-label={t('clerk.sort-title')}>
        {tools.map(({ act, key }) => (
          <Button key={act} disabled={act === 'undo' && past.value.length === 0} onPress={() => acts[act]()}>
            {t(act === 'take-out' && isInBin ? 'clerk.sort.take-back' : `clerk.sort.${act}`)} <kbd>{key}</kbd>
          </Button>
        ))}
      </div>
      {failure.value && <Notice error={failure.value} />}
      {!isRead && <p class="sort-unread">{t('clerk.sort-unread')}</p>}
      {documents.value.length === 0 && <Empty icon="page" title={t('clerk.pages-empty')} />}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: keys of the pages within, which are buttons. */}
      <div ref={grid} class="sort-rows" onKeyDown={onKey}>
        {documents.value.map((document, row) =>
          document.pages.length === 0 ? null : (
            <SortRow
              key={document.documentId}
              view={view}
              document={document}
              row={row}
              at={at.value}
              onKind={kind => change(ofKind(documents.value, row, kind))}
              onPage={page => {
                at.value = { document: row, page };
              }}
              onDrop={(from, page) => change(moved(documents.value, from, { document: row, page }))}
            />
          ),
        )}
      </div>
    </Dialog>
  );
}

const start: Place = { document: 0, page: 0 };

const tools = [
  { act: 'turn', key: 'R' },
  { act: 'earlier', key: '⇧ ←' },
  { act: 'later', key: '⇧ →' },
  { act: 'split', key: 'Enter' },
  { act: 'join', key: 'Backspace' },
  { act: 'take-out', key: 'Delete' },
  { act: 'undo', key: 'Ctrl+Z' },
] as const;
type Act = (typeof tools)[number]['act'];

function actOf(event: KeyboardEvent): Act | undefined {
  if (event.ctrlKey) return event.code === 'KeyZ' ? 'undo' : undefined;
  if (event.shiftKey && event.code === 'ArrowLeft') return 'earlier';
  if (event.shiftKey && event.code === 'ArrowRight') return 'later';
  const acts = { KeyR: 'turn', Enter: 'split', Backspace: 'join', Delete: 'take-out' } as const;
  return acts[event.code as keyof typeof acts];
}

interface SortRowProps {
  view: CaseView;
  document: SortDocument;
  row: number;
  at: Place;
  onKind: (kind: string) => void;
  onPage: (page: number) => void;
  onDrop: (from: Place, page: number) => void;
}

const dragged = 'application/x-okno-page';

function SortRow({ view, document, row, at, onKind, onPage, onDrop }: SortRowProps) {
  const drop = (event: DragEvent, page: number) => {
    const from = event.dataTransfer?.getData(dragged);
    if (!from) return;
    event.preventDefault();
    event.stopPropagation();
    onDrop(JSON.parse(from) as Place, page);
  };
  return (
    <section class={`sort-row ${document.kind}`}>
      <label>
        <span class="visually-hidden">{t('clerk.sort-kind')}</span>
        <select class="select" value={document.kind} onChange={event => onKind(event.currentTarget.value)}>
          <option value={pileKind}>{t('clerk.sort-unsorted')}</option>
          {view.checklist.map(line => (
            <option key={line.kind} value={line.kind}>
              {inLanguage(line.title)}
            </option>
          ))}
          <option value={binKind}>{t('clerk.sort-bin')}</option>
        </select>
        <span class="figures">{t('clerk.pages', { count: document.pages.length })}</span>
      </label>
      <ol onDragOver={event => event.preventDefault()} onDrop={event => drop(event, document.pages.length)}>
        {document.pages.map((page, index) => {
          const isHere = at.document === row && at.page === index;
          return (
            <li key={`${page.sha256} ${index}`}>
              <button
                type="button"
                class="sort-page"
                draggable
                aria-current={isHere}
                tabIndex={isHere ? 0 : -1}
                aria-label={t('clerk.page', { count: index + 1 })}
                onFocus={() => onPage(index)}
                onDragStart={event =>
                  event.dataTransfer?.setData(dragged, JSON.stringify({ document: row, page: index }))
                }
                onDragOver={event => event.preventDefault()}
                onDrop={event => drop(event, index)}
              >
                <img
                  src={`/api/pages/${page.sha256}/thumbnail`}
                  alt=""
                  style={{ transform: `rotate(${page.turn}deg)` }}
                />
                <span class="figures">{index + 1}</span>
              </button>
            </li>
          );
        })}
      </ol>
    </section>
  );
}
