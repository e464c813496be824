-- Made after the rows, because sorting once is quicker than keeping order.
-- With all that is asked of a block, so that only the rows of the answer are looked up.
CREATE INDEX spans_by_unit_block ON spans (unit_block, until_day, from_day, codes);
CREATE INDEX spans_by_certificate_block ON spans (certificate_block, until_day, from_day, codes, since);
CREATE INDEX spans_by_name_block ON spans (name_block, until_day, from_day, codes);
CREATE INDEX spans_by_person ON spans (person, from_day);
CREATE INDEX spans_by_start ON spans (from_day, unit_block);
CREATE INDEX certificates_by_person ON certificates (person);
CREATE INDEX blocks_in_order ON blocks (ordering, unit, first);
