import { useEffect, useRef } from 'preact/hooks';
import type { DocumentView, FieldView, PlacesView } from '../../protocol/api/documents.ts';
import { ScrollArea } from '../shared/components/scroll-area.tsx';
import { inLanguage, t } from '../shared/language.ts';

interface PageViewProps {
  document: DocumentView;
  page: number;
  field: string | null;
  /** Words that were searched for. */
  found: PlacesView['places'];
  onField: (name: string) => void;
}

/** The picture of a page with the places of the fields over it; the field in hand is scrolled to. */
export function PageView({ document, page, field, found, onField }: PageViewProps) {
  const frame = useRef<HTMLElement>(null);
  useEffect(() => {
    const place = frame.current?.querySelector<HTMLElement>('.place.current, .found');
    if (place && frame.current)
      frame.current.scrollTo({ top: place.offsetTop - frame.current.clientHeight / 3, behavior: 'smooth' });
  }, [field, page, found]);
  const shown = document.pages[page];
  if (!shown) return <div class="page-frame" />;
  const source = pictureOf(document, page, shown.sha256);
  const places = document.fields.filter(one => one.box?.page === page);
  return (
    <ScrollArea class="page-frame" frame={frame} label={t('clerk.page', { count: page + 1 })}>
      <div class="page-sheet">
        <img
          key={source}
          src={source}
          alt={t('clerk.page', { count: page + 1 })}
          onLoad={event => {
            event.currentTarget.dataset.shown = '';
          }}
        />
        {found.map(
          ({ page: on, box }, at) => on === page && <div key={at} class="found" style={styleOf(box)} />,
        )}
        {places.map(one => (
          <Place key={one.name} field={one} current={one.name === field} onField={onField} />
        ))}
      </div>
    </ScrollArea>
  );
}

/** The page as it will be signed; while there is no PDF, the page as it was scanned. */
function pictureOf({ documentId, pdfSha256 }: DocumentView, page: number, scanned: string): string {
  return pdfSha256 === null
    ? `/api/pages/${scanned}`
    : `/api/documents/${documentId}/pages/${page}?pdf=${pdfSha256}`;
}

interface PlaceProps {
  field: FieldView;
  current: boolean;
  onField: (name: string) => void;
}

function Place({ field, current, onField }: PlaceProps) {
  if (!field.box) return null;
  return (
    <button
      type="button"
      class={`place ${field.check} ${current ? 'current' : ''}`}
      // For the mouse only: the fields themselves are the way of the keyboard and of screen readers.
      tabIndex={-1}
      aria-hidden="true"
      title={inLanguage(field.title)}
      style={styleOf(field.box)}
      onClick={() => {
        onField(field.name);
        document.getElementById(`field-${field.name}`)?.focus();
      }}
    />
  );
}

function styleOf(box: PlacesView['places'][number]['box']) {
  const percent = (part: number) => `${part * 100}%`;
  return {
    left: percent(box.x),
    top: percent(box.y),
    width: percent(box.width),
    height: percent(box.height),
  };
}
