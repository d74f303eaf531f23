//! Scratch timings of the sketches.
use std::time::Instant;
use tidegauge_kernel::hash::*;
use tidegauge_kernel::random::Random;
use tidegauge_kernel::sketches::{frequent::*, hll::Hll, kll::Kll};

fn time(name: &str, mut f: impl FnMut()) {
    let mut best = f64::MAX;
    for _ in 0..7 { let t = Instant::now(); f(); best = best.min(t.elapsed().as_secs_f64()); }
    println!("{name:40} {:8.2} ms", best * 1e3);
}

fn main() {
    let n = 1_000_000;
    let mut r = Random::new(1);
    let normal: Vec<f64> = (0..n).map(|_| { let u = (r.bits() >> 11) as f64 / (1u64<<53) as f64; let v = (r.bits() >> 11) as f64 / (1u64<<53) as f64; (-2.0*(u+1e-300).ln()).sqrt() * (v*6.283185).cos() }).collect();
    let cents: Vec<f64> = normal.iter().map(|x| ((x*0.5+2.5).exp()*100.0).round()/100.0).collect();
    let sorted: Vec<f64> = (0..n).map(|i| i as f64).collect();
    let small: Vec<f64> = normal.iter().map(|x| (x*80.0).round()).collect();
    for (name, data) in [("normal", &normal), ("cents", &cents), ("sorted", &sorted), ("small", &small)] {
        time(&format!("kll {name}"), || { let mut s = Kll::new(); for c in data.chunks(2048) { s.extend_run(c, (0.0, 1.0), 0); } std::hint::black_box(s.freeze().retained()); });
        time(&format!("hash+hll {name}"), || { let mut s = Hll::new(); let mut h = Vec::with_capacity(2048); for c in data.chunks(2048) { h.clear(); h.extend(c.iter().map(|&x| hash_u64(canonical_bits(x)))); s.add_all(&h); } std::hint::black_box(&s); });
        let h: Vec<Hash> = data.iter().map(|&x| hash_u64(canonical_bits(x))).collect();
        time(&format!("frequent {name}"), || { let mut s = CountTable::<NumberKeys>::default(); for (h, x) in h.iter().zip(data) { s.add(h.0, x.to_bits(), 1); } std::hint::black_box(s.offset()); });
    }
    let users: Vec<String> = (0..n).map(|_| format!("user-{}", r.bits() % 200_000)).collect();
    let cities: Vec<String> = (0..n).map(|_| { let u = (r.bits() >> 11) as f64 / (1u64<<53) as f64; format!("city{}", ((1.0-u).powf(-1.0/0.3)) as u64 % 500) }).collect();
    for (name, data) in [("users", &users), ("cities", &cities)] {
        let all: String = data.concat();
        let mut ends = vec![0usize]; for d in data.iter() { ends.push(ends.last().unwrap() + d.len()); }
        let b = all.as_bytes();
        time(&format!("hash {name}"), || { let mut s = 0; for w in ends.windows(2) { s ^= hash_bytes(&b[w[0]..w[1]]).0; } std::hint::black_box(s); });
        let h: Vec<Hash> = data.iter().map(|x| hash_bytes(x.as_bytes())).collect();
        time(&format!("frequent {name}"), || { let mut s = CountTable::<TextKeys>::default(); for (w, h) in ends.windows(2).zip(&h) { s.add(h.0, &b[w[0]..w[1]], 1); } std::hint::black_box(s.offset()); });
    }
    // accuracy of kll: max error over ranks
    for (label, nn) in [("10k", 10_000usize), ("100k", 100_000), ("1M", 1_000_000), ("4M", 4_000_000)] {
        let trials = if nn > 500_000 { 60 } else { 200 };
        let mut single = Vec::new(); let mut worst = Vec::new();
        for t in 0..trials {
            let mut r = Random::new(1000 + t);
            let mut x: Vec<u64> = (0..nn as u64).collect();
            for i in (1..nn).rev() { x.swap(i, (r.bits() % (i as u64 + 1)) as usize); }
            let data: Vec<f64> = x.iter().map(|&v| v as f64).collect();
            let mut s = Kll::new();
            for c in data.chunks(2048) { s.extend_run(c, (0.0, nn as f64 - 1.0), 0); }
            let f = s.freeze(); let v = f.view();
            let mut m: f64 = 0.0;
            for q in 1..100 { let p = (q * nn / 100) as f64 ; let e = (v.rank(p) - (p + 1.0) / nn as f64).abs(); m = m.max(e); single.push(e); }
            worst.push(m);
        }
        let sd = (single.iter().map(|e| e * e).sum::<f64>() / single.len() as f64).sqrt();
        worst.sort_by(f64::total_cmp); single.sort_by(f64::total_cmp);
        println!("kll {label}: sd {:.5} single99 {:.5} max99 {:.5} bound 0.00442", sd, single[single.len()*99/100], worst[worst.len()*99/100]);
    }
}
