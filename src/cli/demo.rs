//! stub
pub(super) async fn run() -> crate::error::Result<()> {
    Ok(())
}
