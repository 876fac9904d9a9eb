# Follows the block that `imagesearch emulator env --lang python` prints, and uses what it defines.
import sys

from alibabacloud_imagesearch20201214 import models

with open(sys.argv[1], "rb") as picture:
    added = client.add_image_advance(
        models.AddImageAdvanceRequest(
            instance_name="demo", product_id="block", pic_name="1", pic_content_object=picture
        ),
        runtime,
    )
assert added.body.success, added.body
detail = client.detail(models.DetailRequest(instance_name="demo"))
assert detail.body.instance.total_count == 1, detail.body
