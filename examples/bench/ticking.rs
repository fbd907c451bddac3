//! An open socket on which fifty symbols tick twenty times a second, and how soon a crossing is told.

use std::time::{Duration, Instant};

use crate::Result;
use crate::measures::Ground;
use crate::process::Process;
use crate::report::{Limit, Spread, Table};
use crate::wire::Wire;

const TICK: Duration = Duration::from_millis(50);

/// Has every symbol tick, by moving one of them.
fn tick(wire: &mut Wire, price: u32) -> Result<()> {
    wire.send("POST", "/sandbox/price", &format!(r#"{{"symbol":"AAPL","price":"{price}"}}"#))?;
    Ok(())
}

pub(crate) fn measure(ground: &Ground, table: &mut Table) -> Result<()> {
    let mut wire = ground.wire()?;
    tick(&mut wire, 200)?;
    let (mut server, _) = Process::listed(ground.server())?;
    for symbol in ground.fifty_symbols()? {
        let args = format!(r#"{{"symbol":"{symbol}","percent":"90","seconds":600}}"#);
        server.begin("wait_for", &args)?;
    }
    let (mut memory, mut share) = (Vec::new(), Vec::new());
    for round in 0..4 {
        let (begun, before) = (Instant::now(), server.processor()?);
        for number in 0..60 {
            tick(&mut wire, 200 + number % 7)?;
            std::thread::sleep((begun + TICK * (number + 1)).saturating_duration_since(Instant::now()));
        }
        // The first round opens the socket and fills what is kept.
        if round > 0 {
            share.push(100.0 * (server.processor()? - before) / begun.elapsed().as_secs_f64());
            memory.push(server.system_figures()?.resident);
        }
    }
    table.row("50 symbols, 20 ticks a second, memory, MiB", Spread::of(memory), None, Limit::Most(14.0));
    table.row("50 symbols, 20 ticks a second, % of a core", Spread::of(share), None, Limit::Most(3.0));
    crossing(ground, table)
}

fn crossing(ground: &Ground, table: &mut Table) -> Result<()> {
    let mut wire = ground.wire()?;
    let (mut server, _) = Process::listed(ground.server())?;
    let mut told = Vec::new();
    for _ in 0..20 {
        tick(&mut wire, 200)?;
        server.begin("wait_for", r#"{"symbol":"AAPL","above":"300","seconds":60}"#)?;
        // The wait has its first price by then.
        std::thread::sleep(Duration::from_millis(100));
        let begun = Instant::now();
        tick(&mut wire, 310)?;
        server.answered()?;
        told.push(begun.elapsed());
    }
    server.end()?;
    table.row("a crossing, from its frame to the answer, ms", Spread::ms(&told), None, Limit::Most(50.0));
    Ok(())
}
