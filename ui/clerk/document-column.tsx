import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { DocumentView } from '../../protocol/api/documents.ts';
import { get } from '../shared/api.ts';
import { showDayAndTime } from '../shared/clock.ts';
import { Button } from '../shared/components/button.tsx';
import { Notice } from '../shared/components/notice.tsx';
import { ScrollArea } from '../shared/components/scroll-area.tsx';
import { Empty, Progress } from '../shared/components/states.tsx';
import { StatusDot } from '../shared/components/status.tsx';
import { inLanguage, t } from '../shared/language.ts';
import { showSize } from '../shared/size.ts';
import { askScanAgain, busy, recognise, scan } from './actions.ts';
import { documentTone } from './case-tone.ts';
import { FieldsForm } from './fields-form.tsx';
import { PageView } from './page-view.tsx';
import { usePlaces } from './places.ts';
import { caseId, currentCase, currentDocument, searchedFor } from './store.ts';

/** Right: pages and documents of the case. */
export function DocumentColumn() {
  const document = currentDocument.value;
  return (
    <aside class="column right" aria-label={t('clerk.pages-title')}>
      {document ? (
        <DocumentPanel key={document.documentId} document={document} />
      ) : (
        <section class="panel">
          <Empty icon="page" title={t('clerk.pages-empty')}>
            {t(caseId.value === null ? 'clerk.pages-later' : 'clerk.pages-empty-how')}
          </Empty>
        </section>
      )}
    </aside>
  );
}

function DocumentPanel({ document }: { document: DocumentView }) {
  const page = useSignal(pageFound(document.documentId));
  const places = usePlaces(document);
  const field = useSignal<string | null>(null);
  const asText = useSignal(false);
  useEffect(() => {
    page.value = pageFound(document.documentId);
  }, [searchedFor.value]);
  const isXml = document.original?.format === 'xml';
  const lookAt = (name: string | null) => {
    field.value = name;
    const box = document.fields.find(one => one.name === name)?.box;
    if (box) page.value = box.page;
  };
  return (
    <section class="panel document">
      <header class="panel-head">
        <h2>{inLanguage(document.title)}</h2>
        <StatusDot tone={documentTone(document.state)}>{stateOf(document)}</StatusDot>
      </header>
      {/* An XML file has no pages to look at, only what it says. */}
      {!isXml && (
        <div class="document-tools">
          <Thumbnails
            document={document}
            page={page.value}
            onPage={index => {
              page.value = index;
            }}
          />
          <div class="document-views">
            <Button
              pressed={!asText.value}
              onPress={() => {
                asText.value = false;
              }}
            >
              {t('clerk.view-page')}
            </Button>
            <Button
              pressed={asText.value}
              onPress={() => {
                asText.value = true;
              }}
            >
              {t('clerk.view-text')}
            </Button>
            {!document.original && document.state !== 'signed' && currentCase.value?.state === 'open' && (
              <Button
                icon="scan"
                class="icon-only"
                busy={busy.value === `scan ${document.kind}`}
                onPress={() => askScanAgain(document.kind, page.value)}
              >
                {t('clerk.scan-page-again', { count: page.value + 1 })}
              </Button>
            )}
          </div>
        </div>
      )}
      <OriginalMark document={document} />
      {asText.value || isXml ? (
        <PageText document={document} page={page.value} />
      ) : (
        <PageView document={document} page={page.value} field={field.value} found={places} onField={lookAt} />
      )}
      {document.error && (
        <Notice
          error={document.error}
          action={
            <Button busy={busy.value === 'recognise'} onPress={() => void recognise(document.documentId)}>
              {t('clerk.recognise-again')}
            </Button>
          }
        />
      )}
      <PageTrouble document={document} page={page.value} />
      {document.signature && (
        <p class="document-signature">
          {t('clerk.signed-by', {
            time: showDayAndTime(document.signature.signedAt),
            serial: document.signature.certificateSerial,
          })}
        </p>
      )}
      <FieldsForm document={document} field={field.value} onField={lookAt} />
    </section>
  );
}

function OriginalMark({ document: { documentId, original } }: { document: DocumentView }) {
  if (!original) return null;
  const details = { format: original.format.toUpperCase(), size: showSize(original.sizeBytes) };
  return (
    <p class="document-original">
      {t(original.hasSignatureFile ? 'clerk.original-mark-signed' : 'clerk.original-mark', details)}{' '}
      <a href={`/api/documents/${documentId}/original`} download>
        {t('clerk.original-save')}
      </a>
    </p>
  );
}

/** Of a document with several pages, how many are read. */
function stateOf({ state, pages }: DocumentView): string {
  const read = pages.filter(({ isRead }) => isRead).length;
  return state === 'recognising' && pages.length > 1
    ? t('clerk.document.recognising-pages', { read, all: pages.length })
    : t(`clerk.document.${state}`);
}

/** What is wrong with the page in view, and the way out: its sheet again, or its recognition. */
function PageTrouble({ document, page }: { document: DocumentView; page: number }) {
  const error = document.pages[page]?.error;
  if (!error || document.state === 'signed') return null;
  const isDamaged = error.code === 'capture.damaged';
  return (
    <Notice
      error={error}
      action={
        isDamaged ? (
          <Button
            busy={busy.value === `scan ${document.kind}`}
            onPress={() => void scan(document.kind, page)}
          >
            {t('clerk.scan-page-again', { count: page + 1 })}
          </Button>
        ) : (
          <Button busy={busy.value === 'recognise'} onPress={() => void recognise(document.documentId)}>
            {t('clerk.recognise-again')}
          </Button>
        )
      }
    />
  );
}

/** The page on which a search found something, or the first. */
function pageFound(documentId: string): number {
  const found = searchedFor.value;
  return found?.documentId === documentId ? found.page : 0;
}

interface ThumbnailsProps {
  document: DocumentView;
  page: number;
  onPage: (index: number) => void;
}

function Thumbnails({ document, page, onPage }: ThumbnailsProps) {
  return (
    <ul class="thumbnails">
      {document.pages.map((one, index) => (
        <li key={one.sha256}>
          <button
            type="button"
            class={`thumbnail ${one.error ? 'troubled' : one.isRead ? '' : 'unread'}`}
            aria-label={t(
              one.error ? 'clerk.page-troubled' : one.isRead ? 'clerk.page' : 'clerk.page-unread',
              { count: index + 1 },
            )}
            aria-pressed={index === page}
            onClick={() => onPage(index)}
          >
            <img src={`/api/pages/${one.sha256}/thumbnail`} alt="" width="40" height="56" loading="lazy" />
          </button>
        </li>
      ))}
    </ul>
  );
}

function PageText({ document, page }: { document: DocumentView; page: number }) {
  const pages = useSignal<string[] | null>(null);
  useEffect(() => {
    void get<{ pages: string[] }>(`/api/documents/${document.documentId}/text`).then(answer => {
      pages.value = answer.ok ? answer.value.pages : [];
    });
  }, [document.documentId, document.state]);
  if (pages.value === null)
    return (
      <div class="page-text">
        <Progress label={t('page.loading')} />
      </div>
    );
  const text = pages.value[page] ?? '';
  return (
    <ScrollArea class="page-text" label={t('clerk.view-text')}>
      {text === '' ? t('clerk.text-empty') : text}
    </ScrollArea>
  );
}
