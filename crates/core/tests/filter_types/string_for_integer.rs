use imagesearch_core::filter::int_attr;

fn main() {
    let _ = int_attr().eq("red");
}
