import type { CaseView } from '../../protocol/api/cases.ts';
import type { DocumentView } from '../../protocol/api/documents.ts';
import { Button } from '../shared/components/button.tsx';
import { StatusDot } from '../shared/components/status.tsx';
import { Icon } from '../shared/icons.tsx';
import { inLanguage, t } from '../shared/language.ts';
import { heldValue } from '../shared/resource.ts';
import { askDiscard, busy, dialog, scan as scanPages, sortPages, stopScan } from './actions.ts';
import { documentTone } from './case-tone.ts';
import { chooseScanner, currentScanner } from './scanner.ts';
import { pileKind } from './sorting.ts';
import { chosenDocumentId, currentDocument, currentScan, scanners, step } from './store.ts';

export function Checklist({ view }: { view: CaseView }) {
  const required = view.checklist.filter(line => line.required);
  const open = view.state === 'open';
  const listed = new Set(view.checklist.map(line => line.documentId));
  const others = view.documents.filter(document => !listed.has(document.documentId));
  return (
    <section class="checklist">
      <header class="panel-head">
        <h3>{t('clerk.checklist')}</h3>
        <p class="figures">
          {t('clerk.checklist-progress', {
            done: required.filter(line => line.documentId !== null).length,
            all: required.length,
          })}
        </p>
        {open && <ScannerChoice />}
      </header>
      {open && <ScanLine view={view} />}
      <ul>
        {view.checklist.map(line => (
          <ChecklistRow
            key={line.kind}
            line={line}
            open={open}
            document={view.documents.find(document => document.documentId === line.documentId) ?? null}
          />
        ))}
      </ul>
      {others.length > 0 && (
        <>
          <h4>{t('clerk.other-documents')}</h4>
          <ul>
            {others.map(document => (
              <li key={document.documentId} class="check-row">
                <Tick filled />
                <DocumentSummary document={document} title={inLanguage(document.title)} />
                {open && (
                  <RowActions kind={document.kind} title={inLanguage(document.title)} document={document} />
                )}
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

/** The whole pile at once, without saying what is in it; while pages are drawn, how many and the way to stop. */
function ScanLine({ view }: { view: CaseView }) {
  const scan = currentScan.value;
  if (scan)
    return (
      <div class="scan-line" role="status">
        <StatusDot tone="waiting">{t('clerk.scanning')}</StatusDot>
        <span class="figures">{t('clerk.pages', { count: scan.pages })}</span>
        <Button onPress={() => void stopScan(scan.scannerId)}>{t('clerk.scan-stop')}</Button>
      </div>
    );
  return (
    <div class="scan-line">
      <Button icon="scan" busy={busy.value === `scan ${pileKind}`} onPress={() => void scanPages(pileKind)}>
        {t('clerk.scan-pile')}
      </Button>
      <SortPages view={view} />
      <button
        type="button"
        class="check-open separators-open"
        onClick={() => {
          dialog.value = { name: 'separators' };
        }}
      >
        {t('clerk.separators')}
      </button>
    </div>
  );
}

function SortPages({ view }: { view: CaseView }) {
  const removed = view.removedPages;
  const unsigned = view.documents.some(({ state }) => state !== 'signed');
  if (!unsigned && removed === 0) return null;
  return (
    <Button kind="quiet" busy={busy.value === 'proposal'} onPress={() => void sortPages()}>
      {t('clerk.sort-pages')}
      {removed > 0 && <small>{t('clerk.sort-removed', { count: removed })}</small>}
    </Button>
  );
}

function ScannerChoice() {
  const all = heldValue(scanners) ?? [];
  const current = currentScanner.value;
  return (
    <label class="scanner-choice">
      <span>{t('clerk.scanner')}</span>
      <select
        class="select"
        value={current?.id ?? ''}
        onChange={event => chooseScanner(event.currentTarget.value)}
      >
        {all.length === 0 && <option value="">{t('clerk.no-scanner')}</option>}
        {all.map(scanner => (
          <option key={scanner.id} value={scanner.id}>
            {scanner.title}
            {scanner.state === 'faulted' ? ` (${t('clerk.device.trouble')})` : ''}
          </option>
        ))}
      </select>
    </label>
  );
}

interface RowProps {
  line: CaseView['checklist'][number];
  document: DocumentView | null;
  open: boolean;
}

function ChecklistRow({ line, document, open }: RowProps) {
  const title = inLanguage(line.title);
  const next = step.value;
  const isNext = next.do === 'scan' && next.kind === line.kind;
  return (
    <li class={`check-row ${isNext ? 'next' : ''}`}>
      <Tick filled={document !== null} />
      {document ? (
        <DocumentSummary document={document} title={title} />
      ) : (
        <div class="check-text">
          <p>
            {title}
            {!line.required && <em> ({t('clerk.optional')})</em>}
          </p>
          {line.note && <small>{inLanguage(line.note)}</small>}
          {busy.value === `scan ${line.kind}` && <StatusDot tone="waiting">{t('clerk.scanning')}</StatusDot>}
        </div>
      )}
      {open && <RowActions kind={line.kind} title={title} document={document} />}
    </li>
  );
}

function Tick({ filled }: { filled: boolean }) {
  return (
    <span class={`tick ${filled ? 'filled' : ''}`} aria-hidden="true">
      {filled && <Icon name="check" size={18} />}
    </span>
  );
}

function DocumentSummary({ document, title }: { document: DocumentView; title: string }) {
  const shown = currentDocument.value?.documentId === document.documentId;
  return (
    <div class="check-text">
      <button
        type="button"
        class="check-open"
        aria-pressed={shown}
        onClick={() => {
          chosenDocumentId.value = document.documentId;
        }}
      >
        {title}
      </button>
      <span class="check-state">
        <StatusDot tone={documentTone(document.state)}>{t(`clerk.document.${document.state}`)}</StatusDot>
        {document.original ? (
          <span>{t('clerk.original-short')}</span>
        ) : (
          <span class="figures">{t('clerk.pages', { count: document.pages.length })}</span>
        )}
      </span>
    </div>
  );
}

function RowActions({
  kind,
  title,
  document,
}: {
  kind: string;
  title: string;
  document: DocumentView | null;
}) {
  if (document?.state === 'signed') return null;
  const scanning = busy.value === `scan ${kind}`;
  const chooseFiles = () => {
    dialog.value = { name: 'incoming', kind, title };
  };
  if (!document)
    return (
      <div class="check-actions">
        <Button
          icon="scan"
          busy={scanning}
          label={t('clerk.scan-what', { title })}
          onPress={() => void scanPages(kind)}
        >
          {t('clerk.scan')}
        </Button>
        <Button icon="folder" label={t('clerk.from-folder-what', { title })} onPress={chooseFiles}>
          {t('clerk.from-folder')}
        </Button>
      </div>
    );
  return (
    <div class="check-actions">
      {/* Paper never gets into a digital original. */}
      {!document.original && (
        <Button
          icon="scan"
          kind="quiet"
          busy={scanning}
          label={`${t('clerk.scan-more')}: ${title}`}
          onPress={() => void scanPages(kind)}
        >
          {t('clerk.scan-more')}
        </Button>
      )}
      <Button
        icon="remove"
        kind="quiet"
        label={`${t('clerk.discard')}: ${title}`}
        onPress={() => askDiscard(document.documentId, title)}
      >
        {t('clerk.discard')}
      </Button>
    </div>
  );
}
