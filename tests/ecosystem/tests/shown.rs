//! The whole program, its spans shown to `tracing` as well: who works on other threads for
//! `Span::current()` works for the function that asked.

mod support;

use otelkit_observed::assert_text;

/// One test, since the globals of all facades are set once in a process.
#[test]
fn everything_is_in_one_trace_and_every_record_in_its_span() {
    assert!(otelkit_tracing::show_spans());
    let seen = support::run();
    assert_text(&seen.tree(), support::TREE);
    assert_text(
        &seen.said(),
        "
        otelkit_ecosystem::audit INFO `noted: booked` in `book` below `handle`
        otelkit_ecosystem::audit INFO `noted: discounted` in `discount` below `price`
        otelkit_ecosystem::audit INFO `noted: priced` in `place` below `request`
        otelkit_ecosystem::orders INFO `ordered` in `place` below `request`
        otelkit_ecosystem::stock INFO `in the books` in `book` below `handle`
        sqlx::query DEBUG `CREATE TABLE orders (item …` in `none` below `none`
        sqlx::query DEBUG `CREATE TABLE stock (item …` in `none` below `none`
        sqlx::query DEBUG `DELETE FROM stock WHERE …` in `refill` below `check`
        sqlx::query DEBUG `INSERT INTO orders (item, …` in `save` below `place`
        sqlx::query DEBUG `INSERT INTO stock (item, …` in `refill` below `check`
        sqlx::query DEBUG `PRAGMA foreign_keys = ON; …` in `none` below `none`
        sqlx::query DEBUG `SELECT count(*) FROM stock …` in `count` below `check`
        tower::buffer::worker DEBUG `processing request` in `shop.Orders/Place` below `order`
        tower_http::trace::on_eos DEBUG `end of stream` in `request` below `shop.Orders/Place`
        tower_http::trace::on_request DEBUG `started processing request` in `request` below `GET /stock/{item}`
        tower_http::trace::on_request DEBUG `started processing request` in `request` below `shop.Orders/Place`
        tower_http::trace::on_response DEBUG `finished processing request` in `request` below `GET /stock/{item}`
        tower_http::trace::on_response DEBUG `finished processing request` in `request` below `shop.Orders/Place`
        ",
    );
    seen.assert_whole();
}
