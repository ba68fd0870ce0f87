//! The layout of delimited text: what stands between cells, and which line is the header.

/// Most characters looked at.
pub(super) const LOOKED_AT: usize = 256 * 1024;

/// What may stand between cells, the usual first: comma, semicolon, tab, bar, caret, tilde, and the
/// control characters made for it. Spaces and colons stand inside cells.
const DELIMITERS: &[u8] = b",;\t|^~\x1f\x1e\x01";

/// Rows looked at.
const ROWS: usize = 400;

/// Where the table starts and how its cells are parted.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Layout {
    /// Between cells.
    pub(super) delimiter: u8,
    /// Byte at which the header starts.
    pub(super) start: usize,
    /// Line of the header, from 1.
    pub(super) line: u64,
    /// Lines before it, blank ones left out.
    pub(super) preamble: Vec<String>,
}

struct Row {
    at: usize,
    line: u64,
    cells: Vec<String>,
}

/// Byte and line at which a row truly starts: a reader's position comes before the line feed that
/// ends the row above, and before blank lines.
pub(super) fn start(text: &str, position: &csv::Position) -> (usize, u64) {
    let at = position.byte() as usize;
    let rest = text.as_bytes().get(at..).unwrap_or_default();
    let ends = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n'));
    ends.fold((at, position.line()), |(at, line), byte| (at + 1, line + u64::from(*byte == b'\n')))
}

fn rows(text: &str, delimiter: u8) -> Vec<Row> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(text.as_bytes());
    let mut rows = Vec::new();
    let mut record = csv::StringRecord::new();
    while rows.len() < ROWS && matches!(reader.read_record(&mut record), Ok(true)) {
        let (at, line) = record.position().map_or((0, 1), |position| start(text, position));
        rows.push(Row { at, line, cells: record.iter().map(|c| c.trim().to_owned()).collect() });
    }
    rows
}

/// Number of cells that most rows have, and the share of rows that have it. A row with a quote
/// left over inside a cell was cut in the wrong place and does not count.
fn usual_width(rows: &[Row]) -> (usize, f64) {
    let whole = rows.iter().filter(|row| !row.cells.iter().any(|cell| cell.contains('"')));
    let mut widths: Vec<usize> = whole.map(|row| row.cells.len()).collect();
    widths.sort_unstable();
    let usual = widths.chunk_by(|a, b| a == b).max_by_key(|run| (run.len(), run[0]));
    usual.map_or((0, 0.0), |run| (run[0], run.len() as f64 / rows.len() as f64))
}

/// Whether a row could be a header: enough words, none of them a number.
fn could_be_header(row: &Row, width: usize) -> bool {
    let filled = row.cells.iter().filter(|cell| !cell.is_empty()).count();
    let enough = if width == 1 { 1 } else { (width * 3).div_ceil(5).max(2) };
    row.cells.len() == width
        && filled >= enough
        && row.cells.iter().all(|cell| cell.replace(',', "").parse::<f64>().is_err())
}

/// The layout of `text`; `None` if no line could be a header.
pub(super) fn find(text: &str) -> Option<Layout> {
    let mut end = text.len().min(LOOKED_AT);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let head = &text[..end];
    let mut best: Option<(f64, u8, Vec<Row>, usize)> = None;
    for &delimiter in DELIMITERS {
        let found = rows(head, delimiter);
        let (width, share) = usual_width(&found);
        let score = share * share * (width.saturating_sub(1)) as f64;
        let has_header = found.iter().any(|row| could_be_header(row, width));
        if has_header && best.as_ref().is_none_or(|(most, ..)| score > *most) {
            best = Some((score, delimiter, found, width));
        }
    }
    let (_, delimiter, rows, width) = best?;
    let header = rows.iter().find(|row| could_be_header(row, width))?;
    let preamble = rows
        .iter()
        .take_while(|row| row.at < header.at)
        .map(|row| {
            row.cells.iter().filter(|c| !c.is_empty()).cloned().collect::<Vec<_>>().join(" ")
        })
        .filter(|line| !line.is_empty())
        .collect();
    Some(Layout { delimiter, start: header.at, line: header.line, preamble })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_delimiter_is_found() {
        for delimiter in [',', ';', '\t', '|', '^', '~', '\u{1f}'] {
            let text = "Ref,Date,Type\n1,01/02/2025,Noise\n2,03/02/2025,Litter\n"
                .replace(',', &delimiter.to_string());

            assert_eq!(find(&text).unwrap().delimiter, delimiter as u8);
        }
    }

    #[test]
    fn title_lines_before_the_header_are_preamble() {
        let text =
            "OFFICIAL-SENSITIVE\nService requests; April\n\nRef;Date;Type\n1;2;a\n3;4;b\n5;6;c\n";

        let layout = find(text).unwrap();

        assert_eq!(layout.line, 4);
        assert_eq!(layout.preamble, ["OFFICIAL-SENSITIVE", "Service requests April"]);
        assert!(text[layout.start..].starts_with("Ref;"));
    }

    #[test]
    fn commas_inside_quotes_do_not_part_cells() {
        let layout =
            find("Ref;Address\n1;\"1, High Street, Town\"\n2;\"3, Low Road, Town\"\n").unwrap();

        assert_eq!(layout.delimiter, b';');
    }

    #[test]
    fn numbers_alone_have_no_header() {
        assert_eq!(find("1,2\n3,4\n"), None);
    }
}
