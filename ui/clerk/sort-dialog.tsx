import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { CaseView } from '../../protocol/api.ts';
import { Button } from '../shared/components/button.tsx';
import { Dialog } from '../shared/components/dialog.tsx';
import { inLanguage, t } from '../shared/language.ts';
import { arrange, busy } from './actions.ts';
import {
  binKind,
  changes,
  joinBefore,
  moved,
  neighbour,
  ofKind,
  type Place,
  pileKind,
  type SortDocument,
  splitBefore,
  takenOut,
  turned,
} from './sorting.ts';

interface SortDialogProps {
  view: CaseView;
  /** How the box would sort the pile; the clerk has the last word. */
  proposal: SortDocument[];
  onClose: () => void;
}

/** Pages of the case as thumbnails in rows, a row a document: dragged, turned, split, joined, taken out, undone. */
export function SortDialog({ view, proposal, onClose }: SortDialogProps) {
  const before = view.documents
    .filter(({ state }) => state !== 'signed')
    .map(({ documentId, kind, pages }) => ({
      documentId,
      kind,
      pages: pages.map(({ sha256, turn }) => ({ sha256, turn })),
    }));
  // The first step back is out of the proposal.
  const past = useSignal<SortDocument[][]>(changes(before, proposal).length > 0 ? [before] : []);
  const documents = useSignal(proposal);
  const at = useSignal<Place>({ document: 0, page: 0 });
  const grid = useRef<HTMLDivElement>(null);

  useEffect(() => {
    grid.current?.querySelector<HTMLElement>('[aria-current="true"]')?.focus();
  }, [at.value, documents.value]);

  const change = (next: SortDocument[], place: Place = at.value) => {
    if (next === documents.value) return;
    past.value = [...past.value, documents.value];
    documents.value = next;
    at.value = nearest(next, place);
  };
  const undo = () => {
    const last = past.value.at(-1);
    if (!last) return;
    past.value = past.value.slice(0, -1);
    documents.value = last;
    at.value = nearest(last, at.value);
  };
  const acts: Record<string, () => void> = {
    turn: () => change(turned(documents.value, at.value)),
    split: () =>
      change(splitBefore(documents.value, at.value, crypto.randomUUID()), {
        document: at.value.document + 1,
        page: 0,
      }),
    join: () => change(joinBefore(documents.value, at.value.document), at.value),
    'take-out': () => change(takenOut(documents.value, at.value, crypto.randomUUID())),
    undo,
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.target instanceof HTMLSelectElement) return;
    const act = actOf(event);
    if (act) acts[act]?.();
    else if (event.code === 'ArrowRight') at.value = neighbour(documents.value, at.value, 1);
    else if (event.code === 'ArrowLeft') at.value = neighbour(documents.value, at.value, -1);
    else return;
    event.preventDefault();
  };
  const wish = changes(before, documents.value);
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
          <Button
            key={act}
            disabled={act === 'undo' && past.value.length === 0}
            onPress={() => acts[act]?.()}
          >
            {t(`clerk.sort.${act}`)} <kbd>{key}</kbd>
          </Button>
        ))}
      </div>
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

const tools = [
  { act: 'turn', key: 'R' },
  { act: 'split', key: 'Enter' },
  { act: 'join', key: 'Backspace' },
  { act: 'take-out', key: 'Delete' },
  { act: 'undo', key: 'Ctrl+Z' },
] as const;

function actOf(event: KeyboardEvent): (typeof tools)[number]['act'] | undefined {
  if (event.ctrlKey) return event.code === 'KeyZ' ? 'undo' : undefined;
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

/** A place that exists, near the one that was wanted. */
function nearest(documents: SortDocument[], { document, page }: Place): Place {
  const there = documents[document];
  if (there && there.pages.length > 0) return { document, page: Math.min(page, there.pages.length - 1) };
  const other = documents.findIndex(({ pages }) => pages.length > 0);
  return { document: Math.max(0, other), page: 0 };
}
