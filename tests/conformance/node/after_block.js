// Follows the block that `imagesearch emulator env --lang node` prints, and uses what it defines.
(async () => {
  const added = await client.addImageAdvance(
    new imagesearch.AddImageAdvanceRequest({
      instanceName: 'demo',
      productId: 'block',
      picName: '1',
      picContentObject: fs.createReadStream(process.argv[2]),
    }),
    runtime,
  );
  if (!added.body.success) throw new Error(JSON.stringify(added.body));
  const detail = await client.detail(new imagesearch.DetailRequest({ instanceName: 'demo' }));
  if (detail.body.instance.totalCount !== 1) throw new Error(JSON.stringify(detail.body));
})().catch((error) => {
  console.error(error);
  process.exit(1);
});
